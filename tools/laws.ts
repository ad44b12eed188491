// Which package may depend on which (ARCHITECTURE.md), circles of imports, and what lock files must not contain. Biome forbids undeclared imports, so it is
// enough to check declared ones.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { circlesBroken } from './circles.ts'

/** The allowed imports. No other is allowed. */
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  contract: [],
  miniprogram: [],
  headless: [],
  domain: ['protocol'],
  sdk: ['protocol'],
  emulator: ['protocol'],
  phone: ['protocol', 'emulator', 'headless'],
  conformance: ['protocol', 'emulator', 'headless'],
  store: ['domain'],
  server: ['domain', 'sdk', 'store', 'contract'],
  cli: ['protocol', 'contract', 'domain', 'sdk', 'emulator', 'headless', 'phone', 'conformance', 'store', 'server'],
}

interface Manifest {
  dependencies?: Record<string, string>
}

/** One line for each rule that is broken under `root`. */
export function lawsBroken(root = '.'): string[] {
  return [...packagesBroken(root), ...circlesBroken(root), ...journeysBroken(root), ...locksBroken(root)]
}

function packagesBroken(root: string): string[] {
  return readdirSync(join(root, 'packages')).flatMap((name) => {
    const allowed = MAY_IMPORT[name]
    if (!allowed) return [`packages/${name} has no place in the house: add it to ARCHITECTURE.md and tools/laws.ts`]
    const { dependencies = {} } = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')) as Manifest
    const declared = Object.keys(dependencies).filter((dependency) => dependency.startsWith('@cashdesk/'))
    const references = [...readFileSync(join(root, 'packages', name, 'tsconfig.json'), 'utf8').matchAll(/"path": "\.\.\/([a-z]+)"/g)].map(
      (match) => match[1] ?? '',
    )
    return [
      ...declared
        .filter((one) => !allowed.includes(one.slice('@cashdesk/'.length)))
        .map((one) => `packages/${name} may not depend on ${one}`),
      ...references.filter((one) => !allowed.includes(one)).map((one) => `packages/${name}/tsconfig.json may not refer to ${one}`),
    ]
  })
}

const JOURNEYS = 'packages/server/src/journeys'

/** A journey is one file that reads top to bottom. What two journeys share belongs to the domain or to server/src/wechat. */
function journeysBroken(root: string): string[] {
  const folder = join(root, JOURNEYS)
  if (!existsSync(folder)) return []
  return readdirSync(folder).flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(/ from '(\.\/[^']+|\.\.\/journeys\/[^']+)'/g)].map(
      ([, other]) => `${JOURNEYS}/${file} imports the journey ${other}: move what they share to packages/server/src/wechat or the domain`,
    ),
  )
}

/** The lock files: the repository's own, and those of the shops with their own install. */
export const LOCKS: readonly string[] = ['package-lock.json', 'examples/uni-shop/package-lock.json', 'examples/taro-shop/package-lock.json']

function locksBroken(root: string): string[] {
  return LOCKS.flatMap((file) => {
    const lock = readFileSync(join(root, file), 'utf8')
    return /"resolved": "https?:/.test(lock) ? [`${file} holds download addresses: install with omit-lockfile-registry-resolved`] : []
  })
}

// Who may depend on whom (ARCHITECTURE.md), circles of imports, and what lock files must not hold. Biome forbids undeclared imports, so declared ones are what counts.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { circlesBroken } from './circles.ts'

/** The arrows of the house. No other is allowed. */
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

/** One line for each law that is broken under `root`. */
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

/** A journey reads top to bottom in one file: what two of them share is a rule of the domain, or has a room of its own. */
function journeysBroken(root: string): string[] {
  const folder = join(root, JOURNEYS)
  if (!existsSync(folder)) return []
  return readdirSync(folder).flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(/ from '(\.\/[^']+|\.\.\/journeys\/[^']+)'/g)].map(
      ([, other]) => `${JOURNEYS}/${file} imports the journey ${other}: move what they share to packages/server/src/wechat or the domain`,
    ),
  )
}

/** The lock files there are: the house's own, and those of the shops with an install of their own. */
export const LOCKS: readonly string[] = ['package-lock.json', 'examples/uni-shop/package-lock.json', 'examples/taro-shop/package-lock.json']

function locksBroken(root: string): string[] {
  return LOCKS.flatMap((file) => {
    const lock = readFileSync(join(root, file), 'utf8')
    return /"resolved": "https?:/.test(lock) ? [`${file} holds download addresses: install with omit-lockfile-registry-resolved`] : []
  })
}

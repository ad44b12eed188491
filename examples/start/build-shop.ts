// Builds the shop for the browser once, with its own install, and keeps the build until a source changes. Prints what it does.

import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const here = join(import.meta.dirname, '../uni-shop')
const target = join(here, 'dist/build/h5')
/** A stamp of the sources, kept beside the build. */
const STAMP = '.built-from'

/** The folder of the build. @throws Error that says what to do */
export async function buildShop(say: (line: string) => void): Promise<string> {
  const sources = fingerprint()
  if (isBuiltFrom(sources)) return target
  const installed = existsSync(join(here, 'node_modules/.package-lock.json'))
  say('第一次启动，先构建小店；之后的启动只需几秒。')
  say('First start: the shop is built. Later starts take seconds.')
  if (!installed) await step(say, '1/2 安装依赖 install', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  // Built in another folder and moved at the end, so that another start sees the old build or the new one, never half of one.
  const fresh = `${target}-${process.pid}`
  await step(say, '2/2 构建 build', ['run', 'build:h5', '--silent'], { UNI_OUTPUT_DIR: fresh })
  if (!isBuiltFrom(sources)) {
    writeFileSync(join(fresh, STAMP), sources)
    rmSync(target, { recursive: true, force: true })
    renameSync(fresh, target)
  }
  rmSync(fresh, { recursive: true, force: true })
  return target
}

function isBuiltFrom(sources: string): boolean {
  const stamp = join(target, STAMP)
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === sources
}

function fingerprint(): string {
  const files = [
    ...['package-lock.json', 'vite.config.ts', 'index.html'].map((file) => join(here, file)),
    ...globSync('src/**/*.*', { cwd: here }).map((file) => join(here, file)),
    ...globSync('../../packages/miniprogram/src/*.ts', { cwd: here }).map((file) => join(here, file)),
  ]
  const hash = createHash('sha256')
  for (const file of files.sort()) hash.update(file.slice(here.length)).update(readFileSync(file))
  return hash.digest('hex')
}

const TICK_MS = 5000

/** Runs one npm command, and prints a line every few seconds to show that it still runs. */
function step(say: (line: string) => void, title: string, args: string[], env: Record<string, string> = {}): Promise<void> {
  say(`${title} …`)
  const started = Date.now()
  const seconds = (): string => `${Math.round((Date.now() - started) / 1000)} s`
  const ticking = setInterval(() => say(`${title} … ${seconds()}`), TICK_MS)
  return new Promise((resolve, reject) => {
    const child = spawn('npm', args, { cwd: here, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
    let text = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
    child.once('error', reject)
    child.once('close', (code) => {
      clearInterval(ticking)
      if (code === 0) {
        say(`${title} ✓ ${seconds()}`)
        return resolve()
      }
      reject(
        new Error(
          `${text.trim()}\n\nThe shop could not be built: \`npm ${args.join(' ')}\` in examples/uni-shop ended with ${code}. It needs a package registry, once.\nWithout the shop: npm run cashdesk -- dev\n小店构建失败（首次需要能访问 npm 源）。不带小店启动：npm run cashdesk -- dev`,
        ),
      )
    })
  })
}

// What tests need beyond npm: where each tool may be, which Debian package has it, and what cannot be tested without it. `npm test` installs them.

import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

export interface Tool {
  name: string
  /** What cannot be tested without it. */
  tries: string
  debian: string
  /** The path of the tool, or undefined if it is not installed. */
  find(): string | undefined
}

const program =
  (name: string): Tool['find'] =>
  () =>
    [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/usr/local/bin']
      .filter((folder) => folder !== '')
      .map((folder) => join(folder, name))
      .find((path) => existsSync(path))

const DEBIAN_POSTGRES = '/usr/lib/postgresql'

function initdb(): string | undefined {
  const versions = existsSync(DEBIAN_POSTGRES) ? readdirSync(DEBIAN_POSTGRES).sort((a, b) => Number(b) - Number(a)) : []
  const found = versions.map((version) => join(DEBIAN_POSTGRES, version, 'bin/initdb')).find((path) => existsSync(path))
  return process.env['CASHDESK_TEST_POSTGRES'] ?? found ?? program('initdb')()
}

function chineseFont(): string | undefined {
  try {
    const list = execFileSync('fc-list', [':lang=zh', 'file'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    return list.split('\n').find((line) => line !== '')
  } catch {
    return undefined
  }
}

/** The library that is preloaded into a process; Debian puts it in a folder named after the processor. */
function libfaketime(): string | undefined {
  const folders = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map((machine) => `/usr/lib/${machine}/faketime/libfaketime.so.1`)
  return folders.find((path) => existsSync(path))
}

export const TOOLS: readonly Tool[] = [
  { name: 'PostgreSQL', tries: 'the store and every journey on PostgreSQL', debian: 'postgresql', find: initdb },
  {
    name: 'Chromium',
    tries: 'the pages in a real browser',
    debian: 'chromium',
    find: () => process.env['CHROMIUM'] ?? program('chromium')() ?? program('chromium-browser')() ?? program('google-chrome')(),
  },
  { name: 'a Chinese font', tries: 'Chinese text in the browser', debian: 'fonts-noto-cjk fontconfig', find: chineseFont },
  { name: 'nginx', tries: 'a real proxy before the server', debian: 'nginx', find: program('nginx') },
  { name: 'strace', tries: 'that answers wait for the disk', debian: 'strace', find: program('strace') },
  { name: 'libfaketime', tries: 'clocks that jump under the real server', debian: 'libfaketime', find: libfaketime },
  { name: 'openssl', tries: 'keys and certificates as OpenSSL writes them', debian: 'openssl', find: program('openssl') },
  { name: 'promtool', tries: 'the alerts for Prometheus', debian: 'prometheus', find: program('promtool') },
]

/** @throws TypeError for a name that is not in the list */
export function toolNamed(name: string): Tool {
  const tool = TOOLS.find((one) => one.name === name)
  if (!tool) throw new TypeError(`no tool is called ${name}`)
  return tool
}

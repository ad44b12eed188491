// Runs the command in a process of its own, and collects its output.

import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'

export const MAIN: string = new URL('../src/main.ts', import.meta.url).pathname
/** The program that a shell runs for the word `cashdesk`. */
export const COMMAND: string = `'${process.execPath}' --conditions=@cashdesk/source '${MAIN}'`

export interface Ended {
  code: number | null
  out: string
  err: string
}

export interface Options {
  cwd?: string
  env?: Record<string, string>
}

/** The locale is C, which names no language, unless `env` says otherwise. */
export function run(argv: readonly string[], { cwd = tmpdir(), env = {} }: Options = {}): Promise<Ended> {
  const child = spawn(process.execPath, ['--conditions=@cashdesk/source', MAIN, ...argv], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C', ...env },
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })))
}

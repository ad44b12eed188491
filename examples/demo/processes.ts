// The demo's processes: started from source, ready when they print their line, and always stopped at the end.

import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const ROOT = new URL('../../', import.meta.url).pathname
const READY_WITHIN_MS = 15_000

export interface Running {
  url: string
}

export interface Processes {
  /** Starts `file` and waits until it prints a line with its address. Its error output goes to NAME.log. */
  start(name: string, file: string, args: readonly string[], env?: Record<string, string>): Promise<Running>
  /** Runs `file` to its end and returns the JSON of its last line. */
  run(name: string, file: string, input: object): Promise<unknown>
  stop(): Promise<void>
}

export function processes(folder: string): Processes {
  const running = new Set<ChildProcess>()

  const launch = (name: string, file: string, args: readonly string[], env: Record<string, string> = {}): ChildProcess => {
    const child = spawn(process.execPath, ['--conditions=@cashdesk/source', join(ROOT, file), ...args], {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.stderr?.pipe(createWriteStream(join(folder, `${name}.log`), { flags: 'a' }))
    running.add(child)
    child.once('exit', () => running.delete(child))
    return child
  }

  return {
    start: (name, file, args, env) =>
      new Promise((resolve, reject) => {
        const child = launch(name, file, args, env)
        const late = setTimeout(
          () => reject(new Error(`${name} was not ready in time; see ${join(folder, `${name}.log`)}`)),
          READY_WITHIN_MS,
        )
        child.once('exit', (code) => reject(new Error(`${name} ended with ${code}; see ${join(folder, `${name}.log`)}`)))
        if (!child.stdout) return
        createInterface(child.stdout).on('line', (line) => {
          const url = / ready (http:\S+)/.exec(line)?.[1]
          if (url === undefined) return
          clearTimeout(late)
          resolve({ url })
        })
      }),
    run: (name, file, input) =>
      new Promise((resolve, reject) => {
        const child = launch(name, file, [JSON.stringify(input)])
        let last = ''
        if (child.stdout) createInterface(child.stdout).on('line', (line) => (last = line))
        child.once('close', (code) => {
          if (code === 0) resolve(JSON.parse(last))
          else reject(new Error(`${name} ended with ${code}; see ${join(folder, `${name}.log`)}`))
        })
      }),
    async stop() {
      await Promise.all(
        [...running].map(
          (child) =>
            new Promise<void>((resolve) => {
              child.once('exit', () => resolve())
              child.kill('SIGTERM')
              setTimeout(() => child.kill('SIGKILL'), 3000).unref()
            }),
        ),
      )
    },
  }
}

/** A port that is free now; the server's public address must be known before it starts. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))))
    })
  })
}

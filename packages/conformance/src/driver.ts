// Runs the client under test behind a driver, a program that the client's author writes: one JSON line in for each call, one JSON line out for each answer.

import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export type DriverAnswer =
  | { kind: 'accepted'; result: Readonly<Record<string, unknown>> }
  | { kind: 'rejected'; error: string }
  /** The client has no such function. */
  | { kind: 'not offered' }
  /** The driver ended, or wrote something that is not an answer. */
  | { kind: 'crashed'; error: string }
  /** No answer came in time. */
  | { kind: 'hung' }

export interface Driver {
  call(name: string, input: object): Promise<DriverAnswer>
  stop(): void
}

export interface DriverOptions {
  /** A shell command. */
  command: string
  /** The path of emulator.json. The driver receives it as the environment variable CASHDESK_EMULATOR. */
  settings: string
  answer_ms: number
}

/** Starts the driver at the first call, and again after a crash, so that a crash fails only the scenario in which it happened. */
export function createDriver(options: DriverOptions): Driver {
  let program: Program | undefined
  let lastId = 0
  return {
    async call(name, input) {
      program ??= start(options)
      lastId += 1
      const answer = await program.ask({ id: lastId, call: name, input }, options.answer_ms)
      if (answer.kind === 'crashed' || answer.kind === 'hung') {
        program.stop()
        program = undefined
      }
      return answer
    },
    stop() {
      program?.stop()
      program = undefined
    },
  }
}

interface Program {
  ask(question: { id: number; call: string; input: object }, answer_ms: number): Promise<DriverAnswer>
  stop(): void
}

function start({ command, settings }: DriverOptions): Program {
  const child = spawn(command, {
    shell: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, CASHDESK_EMULATOR: settings },
  })
  const waiting = new Map<number, (answer: DriverAnswer) => void>()
  let said = ''
  const end = (error: string): void => {
    for (const answer of waiting.values()) answer({ kind: 'crashed', error })
    waiting.clear()
  }
  child.stderr.on('data', (chunk: Buffer) => {
    said = `${said}${chunk}`.slice(-2000)
  })
  // If the driver exits before a question reaches it, the `exit` event reports that; the broken pipe adds nothing.
  child.stdin.on('error', () => undefined)
  child.once('error', (error) => end(error.message))
  child.once('exit', (code, signal) => end(`ended with ${signal ?? code}: ${said.trim()}`))
  createInterface({ input: child.stdout }).on('line', (line) => {
    const answer = parse(line)
    // Clients also log to standard output. A line that is not an answer is such a log line.
    if (!answer) return
    waiting.get(answer.id)?.(answer)
    waiting.delete(answer.id)
  })
  return {
    ask(question, answer_ms) {
      return new Promise((resolve) => {
        const late = setTimeout(() => resolve({ kind: 'hung' }), answer_ms)
        waiting.set(question.id, (answer) => {
          clearTimeout(late)
          resolve(answer)
        })
        if (child.exitCode !== null) end(`ended with ${child.exitCode}: ${said.trim()}`)
        else child.stdin.write(`${JSON.stringify(question)}\n`)
      })
    },
    stop: () => killGroup(child),
  }
}

/** Kills the shell and all processes that it started. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // The process group has ended already.
  }
}

/** Reads `{"id", "ok": true, "result"}`, `{"id", "ok": false, "error"}` or `{"id", "unsupported": true}`. */
function parse(line: string): (DriverAnswer & { id: number }) | undefined {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const { id, ok, result, error, unsupported } = value as Record<string, unknown>
  if (typeof id !== 'number') return undefined
  if (unsupported === true) return { id, kind: 'not offered' }
  if (ok === true) return { id, kind: 'accepted', result: typeof result === 'object' && result !== null ? { ...result } : {} }
  if (ok === false) return { id, kind: 'rejected', error: String(error ?? '') }
  return undefined
}

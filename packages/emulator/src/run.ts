// `cashdesk emulator`: starts a WeChat on loopback, says where, and stops cleanly when asked to.

import { parseArgs } from 'node:util'
import { DEFAULT_PORT, startEmulator } from './start.ts'

export const EMULATOR_USAGE: string = `cashdesk emulator [--port ${DEFAULT_PORT}] [--dir DIR] [--state FILE]

  --port   where to listen on 127.0.0.1; 0 picks a free port
  --dir    keeps keys there and writes emulator.json for clients
  --state  keeps there what happened, over a restart; give --dir too, for the keys`

/** Resolves with the exit code once SIGINT or SIGTERM has stopped it. */
export async function runEmulator(argv: readonly string[], print: (line: string) => void = console.log): Promise<number> {
  const options = readArguments(argv)
  if (!options) {
    print(EMULATOR_USAGE)
    return 2
  }
  const running = await startEmulator(options)
  // Listens for signals first: whoever reads the line may send one at once.
  const stopped = stopSignal()
  print(`cashdesk emulator ready ${running.url}`)
  await stopped
  await running.close()
  return 0
}

function readArguments(argv: readonly string[]): { port: number; dir?: string; stateFile?: string } | undefined {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { port: { type: 'string' }, dir: { type: 'string' }, state: { type: 'string' } },
    })
    const port = Number(values.port ?? DEFAULT_PORT)
    if (!Number.isInteger(port) || port < 0 || port > 65_535) return undefined
    return { port, ...(values.dir !== undefined && { dir: values.dir }), ...(values.state !== undefined && { stateFile: values.state }) }
  } catch {
    return undefined
  }
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
}

// `cashdesk emulator`: starts a WeChat on loopback, says where, and stops cleanly when asked to.

import { parseArgs } from 'node:util'
import { DEFAULT_PORT, DEFAULT_TLS_PORT, type RunningEmulator, type StartOptions, startEmulator } from './start.ts'

export const EMULATOR_USAGE: string = `cashdesk emulator [--port ${DEFAULT_PORT}] [--dir DIR] [--state FILE] [--merchants FILE] [--tls [--tls-port ${DEFAULT_TLS_PORT}]] [--allow-host NAME] [--json]

  --port       where to listen on 127.0.0.1; 0 picks a free port
  --dir        keeps keys there and writes emulator.json for clients
  --state      keeps there what happened, over a restart and kill -9; give --dir too, for the keys
  --merchants  more merchants, under your own numbers: docs/how-to/emulator.md
  --tls        speaks TLS too, for clients with fixed host names and for client certificates; trust ca.pem in DIR
  --allow-host one more name of this machine, without port, under which the control API answers; may be repeated
  --json       says where it listens as one line of JSON`

/** Resolves with the exit code once SIGINT or SIGTERM has stopped it. */
export async function runEmulator(argv: readonly string[], print: (line: string) => void = console.log): Promise<number> {
  const read = readArguments(argv)
  if (!read) {
    print(EMULATOR_USAGE)
    return 2
  }
  const running = await startEmulator(read.options)
  // Listens for signals first: whoever reads the line may send one at once.
  const stopped = stopSignal()
  if (read.json) print(asJson(running, read.options))
  else for (const line of asText(running)) print(line)
  await stopped
  await running.close()
  return 0
}

/** The ready line is the last one: whoever waits for it has read the others. */
function asText({ url, tls }: RunningEmulator): string[] {
  return [...(tls ? [`cashdesk emulator tls ${tls.url}`] : []), `cashdesk emulator ready ${url}`]
}

function asJson({ url, tls }: RunningEmulator, { dir }: StartOptions): string {
  return JSON.stringify({
    event: 'ready',
    base_url: url,
    ...(tls && { tls_url: tls.url, ca_cert: tls.ca_cert }),
    ...(dir !== undefined && { dir }),
  })
}

function readArguments(argv: readonly string[]): { options: StartOptions; json: boolean } | undefined {
  try {
    const text = { type: 'string' } as const
    const flag = { type: 'boolean' } as const
    const { values } = parseArgs({
      args: [...argv],
      options: {
        port: text,
        dir: text,
        state: text,
        merchants: text,
        tls: flag,
        'tls-port': text,
        'allow-host': { ...text, multiple: true },
        json: flag,
      },
    })
    const port = portOf(values.port, DEFAULT_PORT)
    // Whoever lets the system choose one port wants it to choose both.
    const tlsPort = portOf(values['tls-port'], port === 0 ? 0 : DEFAULT_TLS_PORT)
    if (port === undefined || tlsPort === undefined) return undefined
    return {
      json: values.json ?? false,
      options: {
        port,
        ...((values.tls || values['tls-port'] !== undefined) && { tlsPort }),
        ...(values.dir !== undefined && { dir: values.dir }),
        ...(values.state !== undefined && { stateFile: values.state }),
        ...(values.merchants !== undefined && { merchantsFile: values.merchants }),
        allowedHosts: values['allow-host'],
      },
    }
  } catch {
    return undefined
  }
}

function portOf(text: string | undefined, otherwise: number): number | undefined {
  const port = Number(text ?? otherwise)
  return Number.isInteger(port) && port >= 0 && port <= 65_535 ? port : undefined
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
}

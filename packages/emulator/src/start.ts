// The emulator on a socket of 127.0.0.1, with its keys in a folder so that they survive a restart.

import type { IncomingMessage } from 'node:http'
import { serve } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { buildEmulator, type Emulator, type EmulatorOptions } from './emulator.ts'
import { loadKeys } from './files/keys-file.ts'
import { writeSettings } from './files/settings-files.ts'
import { readState, writeState } from './files/state-file.ts'
import { ConnectionLost } from './http/connection-lost.ts'

export interface StartOptions extends EmulatorOptions {
  /** 8900 when absent; 0 picks a free one. */
  port?: number
  /** Where keys are kept and emulator.json is written. Without it nothing touches the disk. */
  dir?: string
  /** What happened is read from this file at the start, if there is one, and written to it at the end. */
  stateFile?: string
}

export interface RunningEmulator {
  url: string
  emulator: Emulator
  close(): Promise<void>
}

export const DEFAULT_PORT = 8900

export async function startEmulator(options: StartOptions = {}): Promise<RunningEmulator> {
  const keys = options.keys ?? (options.dir === undefined ? undefined : await loadKeys(options.dir, options.clock, options.random))
  const { emulator, handle } = await buildEmulator({
    ...options,
    ...(keys && { keys }),
    ...(options.stateFile !== undefined && { state: await readState(options.stateFile) }),
  })

  const { promise, resolve, reject } = withResolvers<number>()
  const server = serve(
    {
      hostname: '127.0.0.1',
      port: options.port ?? DEFAULT_PORT,
      overrideGlobalObjects: false,
      // HTTP/1 only, so the incoming message is always node:http's.
      fetch: (request, { incoming }) => answer(handle(request, incoming.url), incoming as IncomingMessage),
    },
    ({ port }) => resolve(port),
  )
  server.once('error', reject)
  const url = `http://127.0.0.1:${await promise}`
  emulator.settings.base_url = url
  if (options.dir !== undefined) await writeSettings(options.dir, emulator.settings)

  return {
    url,
    emulator,
    async close() {
      await new Promise<void>((done) => {
        server.close(() => done())
        if ('closeAllConnections' in server) server.closeAllConnections()
      })
      if (options.stateFile !== undefined) await writeState(options.stateFile, emulator.state())
    },
  }
}

/** A lost connection is a socket hung up without a word. */
async function answer(response: Promise<Response>, incoming: IncomingMessage): Promise<Response> {
  try {
    return await response
  } catch (error) {
    if (!(error instanceof ConnectionLost)) throw error
    incoming.socket.destroy()
    return RESPONSE_ALREADY_SENT
  }
}

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (reason: unknown) => void } {
  let resolve: (value: T) => void = () => undefined
  let reject: (reason: unknown) => void = () => undefined
  const promise = new Promise<T>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}

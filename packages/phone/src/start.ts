// The phone on a socket of 127.0.0.1.

import { listen } from '@cashdesk/emulator'
import { createPhone, type PhoneOptions, phoneRules } from './phone.ts'

export interface RunningPhone {
  url: string
  close(): Promise<void>
}

/** Starts the phone. `port` 0 picks a free one. */
export function startPhone(options: PhoneOptions, port: number): Promise<RunningPhone> {
  const { fetch } = createPhone(options)
  return listen((request) => fetch(request), port, phoneRules(options))
}

// RSA runs in libuv's pool, and which of two signatures is ready first depends on the machine, not on the seed. In a simulation that order
// would decide which code draws the next random number. So each signature is made synchronously here, and returned in the order of the calls.

import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'

type Sign = (algorithm: string, data: Uint8Array, key: crypto.KeyObject, callback: (error: Error | null, signature: Buffer) => void) => void

const sign = crypto.sign
const signInStep: Sign = (algorithm, data, key, callback) => {
  const signature = sign(algorithm, data, key)
  queueMicrotask(() => callback(null, signature))
}

let installed = false

/** Affects the whole process, so a simulation needs a process of its own. */
export function signaturesInStep(): void {
  if (installed) return
  installed = true
  // Without a callback `sign` is already synchronous.
  crypto.sign = ((...args: Parameters<Sign>) => (args[3] ? signInStep(...args) : sign(args[0], args[1], args[2]))) as typeof crypto.sign
  syncBuiltinESMExports()
}

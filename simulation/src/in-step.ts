// RSA runs in libuv's pool, and which of two signatures is ready first is the machine's choice, not the seed's. In a simulated world that choice
// would decide who draws the next random number, so here each signature is made at once and handed over in the order of asking.

import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'

type Sign = (algorithm: string, data: Uint8Array, key: crypto.KeyObject, callback: (error: Error | null, signature: Buffer) => void) => void

const sign = crypto.sign
const signInStep: Sign = (algorithm, data, key, callback) => {
  const signature = sign(algorithm, data, key)
  queueMicrotask(() => callback(null, signature))
}

let installed = false

/** For the whole process: a simulation has it to itself. */
export function signaturesInStep(): void {
  if (installed) return
  installed = true
  // Without a callback `sign` is synchronous already.
  crypto.sign = ((...args: Parameters<Sign>) => (args[3] ? signInStep(...args) : sign(args[0], args[1], args[2]))) as typeof crypto.sign
  syncBuiltinESMExports()
}

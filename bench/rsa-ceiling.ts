// Runs in a process of its own and prints how many orders RSA alone allows in a second of CPU time: by the clock, neighbours on the same core would
// lower it. An order needs two signatures and one verification.

import { generateKeyPairSync, sign, verify } from 'node:crypto'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const message = Buffer.alloc(400, 'x')
const signature = sign('RSA-SHA256', message, privateKey)

const began = performance.now()
const usedBefore = process.cpuUsage()
let done = 0
for (; performance.now() - began < 1500; done++) {
  sign('RSA-SHA256', message, privateKey)
  sign('RSA-SHA256', message, privateKey)
  verify('RSA-SHA256', message, publicKey, signature)
}
const { user, system } = process.cpuUsage(usedBefore)
console.log(`ceiling ${Math.round((done * 1e6) / (user + system))}`)
// Stays alive until the process that reads the line stops it.
setInterval(() => {}, 1000)

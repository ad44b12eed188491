// Runs in a process of its own and prints how many orders a second RSA alone allows on this core. An order needs two signatures and one verification.

import { generateKeyPairSync, sign, verify } from 'node:crypto'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const message = Buffer.alloc(400, 'x')
const signature = sign('RSA-SHA256', message, privateKey)

const began = performance.now()
let done = 0
for (; performance.now() - began < 1500; done++) {
  sign('RSA-SHA256', message, privateKey)
  sign('RSA-SHA256', message, privateKey)
  verify('RSA-SHA256', message, publicKey, signature)
}
console.log(`ceiling ${Math.round((done * 1000) / (performance.now() - began))}`)
// Stays alive until the process that reads the line stops it.
setInterval(() => {}, 1000)

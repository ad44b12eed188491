// Holds the key: a process of its own that signs and never reveals the key, like a KMS or an HSM. It speaks JSON lines over a socket.

import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { privateKey, sign } from '@cashdesk/protocol'

const { SIGNER_SOCKET, SIGNER_KEY } = process.env
if (!SIGNER_SOCKET || !SIGNER_KEY) {
  console.error('Set SIGNER_SOCKET (a path) and SIGNER_KEY (apiclient_key.pem).')
  process.exit(2)
}
const key = privateKey(readFileSync(SIGNER_KEY, 'utf8'))

const server = createServer((socket) => {
  socket.on('error', () => socket.destroy())
  createInterface(socket).on('line', async (line) => {
    // One request a line: an id to answer to, and the message in base64.
    const { id, message } = JSON.parse(line) as { id: number; message: string }
    const signature = await sign(key, Buffer.from(message, 'base64'))
    socket.write(`${JSON.stringify({ id, signature })}\n`)
  })
})
server.listen(SIGNER_SOCKET, () => console.log(`signer ready ${SIGNER_SOCKET}`))
process.on('SIGTERM', () => process.exit(0))

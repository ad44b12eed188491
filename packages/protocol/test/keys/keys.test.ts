// Keys are parsed once, and refused with the cause and without their content.

import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { apiV3Key, certificate, KeyError, privateKey, publicKey } from '../../src/index.ts'
import { openssl } from '../vectors/openssl.ts'

test.each(['', 'short', '0'.repeat(31), '0'.repeat(33), '密'.repeat(32)])('an APIv3 key of another length is refused: %j', (text) => {
  expect(() => apiV3Key(text)).toThrow('needs 32 bytes')
})

test.each([
  ['private key', () => privateKey('not pem')],
  ['public key', () => publicKey('not pem')],
  ['certificate', () => certificate('not pem')],
])('text that is not a %s is refused with a stable code', (_, read) => {
  expect(read).toThrow(expect.objectContaining({ code: 'ERR_KEY_INVALID' }))
})

test('a key that is not RSA-2048 is refused', () => {
  const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  expect(() => privateKey(small)).toThrow('2048 bits')
  expect(() => privateKey(curve)).toThrow('type: ec')
})

test('a broken private key does not appear in its error', () => {
  const broken = openssl.private_key.replace('MIIE', 'XXXX')
  try {
    privateKey(broken)
    expect.unreachable()
  } catch (error) {
    expect(error).toBeInstanceOf(KeyError)
    expect(`${error}${JSON.stringify(error)}`).not.toContain(broken.slice(40, 80))
  }
})

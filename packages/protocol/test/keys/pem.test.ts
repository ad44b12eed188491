// C7: texts that people provide in place of a key are accepted if they are unambiguous, and otherwise named with a remedy; the error contains nothing of
// them.

import { execFileSync } from 'node:child_process'
import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { certificate, KeyError, privateKey, publicKey } from '../../src/index.ts'
import { openssl } from '../vectors/openssl.ts'

const pem = openssl.private_key
const key = createPrivateKey(pem)
const spki = publicKey(openssl.public_key).export({ type: 'spki', format: 'pem' }).toString()
const bare = (text: string): string => text.replaceAll(/-----[A-Z ]+-----|\s/g, '')

test.each<[string, string]>([
  ['\\n as two characters', pem.replaceAll('\n', '\\n')],
  ['\\r\\n as four', pem.replaceAll('\n', '\\r\\n')],
  ['CRLF', pem.replaceAll('\n', '\r\n')],
  ['blanks for line feeds', pem.replaceAll('\n', ' ')],
  ['no line feeds at all', pem.replaceAll('\n', '')],
  ['indented', pem.replaceAll('\n', '\n    ')],
  ['a byte order mark', `\uFEFF${pem}`],
  ['quotes around it', `"${pem.trim().replaceAll('\n', '\\n')}"`],
  ['text before and after', `Bag Attributes\n    friendlyName: x\n${pem}\nbye`],
  ['PKCS#1', key.export({ type: 'pkcs1', format: 'pem' }).toString()],
  ['bare base64 of PKCS#8', bare(key.export({ type: 'pkcs8', format: 'pem' }).toString())],
  ['bare base64 of PKCS#1', bare(key.export({ type: 'pkcs1', format: 'pem' }).toString())],
])('C7: a private key with %s is accepted', (_, text) => {
  expect(privateKey(text).equals(key)).toBe(true)
})

test.each<[string, string]>([
  ['\\n as two characters', spki.replaceAll('\n', '\\n')],
  ['blanks for line feeds', spki.replaceAll('\n', ' ')],
  ['bare base64', bare(spki)],
])('C7: a public key with %s is accepted', (_, text) => {
  expect(publicKey(text).equals(publicKey(spki))).toBe(true)
})

test('C7: a certificate without line feeds is accepted', () => {
  expect(certificate(openssl.certificate.replaceAll('\n', ' ')).serial_no).toBe(certificate(openssl.certificate).serial_no)
})

const withPassword = key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString()
const oldPassword = key.export({ type: 'pkcs1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString()
const der = key.export({ type: 'pkcs8', format: 'der' }).toString('utf8')

test.each<[string, string, string, string]>([
  ['nothing', '', 'it is empty', '内容为空'],
  ['blanks', ' \n ', 'it is empty', '内容为空'],
  ['a path', './keys/apiclient_key.pem', 'it is the path of a file', '文件路径'],
  ['a path on Windows', 'C:\\keys\\apiclient_key.pem', 'it is the path of a file', '文件路径'],
  ['a file name', 'apiclient_key.pem', 'it is the path of a file', '文件路径'],
  ['a key with a password', withPassword, 'protected by a password', '密码保护'],
  ['an old key with a password', oldPassword, 'protected by a password', '密码保护'],
  ['a binary file', der, 'binary file', '二进制文件'],
  ['the public key', spki, 'it is a public key', '这是公钥'],
  ['the certificate', openssl.certificate, 'it is a certificate', '这是证书'],
  [
    'a certificate request',
    '-----BEGIN CERTIFICATE REQUEST-----\nAA\n-----END CERTIFICATE REQUEST-----',
    'certificate request',
    '证书请求',
  ],
  ['a key of SSH', '-----BEGIN OPENSSH PRIVATE KEY-----\nAA\n-----END OPENSSH PRIVATE KEY-----', 'key of SSH', 'SSH'],
  ['half a key', pem.slice(0, pem.length / 2), 'not readable as PEM', '无法按 PEM 读取'],
  ['a changed key', pem.replace(/MII/, 'MIX'), 'not readable as PEM', '无法按 PEM 读取'],
  ['any words', 'my secret key', 'not readable as PEM', '无法按 PEM 读取'],
])('C7: the error names %s in place of a private key, and how to get the right file', (_, text, problem, problem_zh) => {
  try {
    privateKey(text)
    expect.unreachable()
  } catch (error) {
    expect(error).toBeInstanceOf(KeyError)
    const { facts, message } = error as KeyError
    expect(facts).toMatchObject({ problem: expect.stringContaining(problem), problem_zh: expect.stringContaining(problem_zh) })
    expect(message).toContain(`fix: ${facts['fix']}`)
    const body = bare(text).slice(10, 40)
    if (body.length > 20 && !/[./\\]/.test(body)) expect(JSON.stringify([message, facts])).not.toContain(body)
  }
})

test.each<[string, string, string]>([
  ['the private key', pem, 'it is a private key'],
  ['a certificate', openssl.certificate, 'it is a certificate'],
  ['a path', 'pub_key.pem', 'it is the path of a file'],
])('C7: the error names %s in place of WeChat’s public key', (_, text, problem) => {
  expect(() => publicKey(text)).toThrow(problem)
})

test.each<[string, string, string]>([
  ['the private key', pem, 'it is a private key'],
  ['the public key', spki, 'it is a public key'],
])('C7: the error names %s in place of a certificate', (_, text, problem) => {
  expect(() => certificate(text)).toThrow(problem)
})

test('C7: the error names a .p12 file as OpenSSL writes it', () => {
  const { privateKey: own } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const text = own.export({ type: 'pkcs8', format: 'pem' }).toString()
  const folder = mkdtempSync(join(tmpdir(), 'cashdesk-p12-'))
  const file = join(folder, 'key.pem')
  writeFileSync(file, text)
  const p12 = execFileSync('openssl', ['pkcs12', '-export', '-nocerts', '-inkey', file, '-passout', 'pass:x'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  rmSync(folder, { recursive: true })
  expect(() => privateKey(p12.toString('utf8'))).toThrow('binary file')
  expect(() => privateKey(p12.toString('latin1'))).toThrow('binary file')
})

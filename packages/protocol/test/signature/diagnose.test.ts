// What changed a body on its way: every alteration is named, and none is ever accepted.

import { expect, test } from 'vitest'
import { DIAGNOSED_BYTES_MAX, diagnoseBody, privateKey, publicKey, readAnswerSignature, signAnswer } from '../../src/index.ts'
import { openssl } from '../vectors/openssl.ts'

const key = { serial: 'PUB_KEY_ID_0100000000', privateKey: privateKey(openssl.private_key) }
const pub = publicKey(openssl.public_key)

const diagnosis = async (original: string | Uint8Array, received: string | Uint8Array) =>
  diagnoseBody(readAnswerSignature(new Headers(await signAnswer(key, original, 1_700_000_000_000, 'nonce'))), Buffer.from(received), pub)

const BODY = '{"a":"拿铁/大杯","b":[1,2]}'
const PRETTY = '{\n  "a": "x"\n}'
const escaped = (text: string): string => text.replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`)

test.each([
  ['blanks', BODY, JSON.stringify(JSON.parse(BODY), null, 2), 'reserialized'],
  ['escapes removed', escaped(BODY), BODY, 'reserialized'],
  ['slashes unescaped', BODY.replaceAll('/', '\\/'), BODY, 'reserialized'],
  ['both', escaped(BODY).replaceAll('/', '\\/'), BODY, 'reserialized'],
  ['base64', BODY, Buffer.from(BODY).toString('base64'), 'base64'],
  ['base64 of an URL', BODY, Buffer.from(BODY).toString('base64url'), 'base64'],
  ['base64 with a line end', BODY, `${Buffer.from(BODY).toString('base64')}\n`, 'base64'],
  ['base64 in a JSON string', BODY, JSON.stringify(Buffer.from(BODY).toString('base64')), 'base64'],
  ['JSON in a JSON string', BODY, JSON.stringify(BODY), 'json_string'],
  ['UTF-8 read as latin1', BODY, Buffer.from(BODY).toString('latin1'), 'latin1'],
  ['UTF-8 written as latin1', '{"a":"é"}', Buffer.from('{"a":"é"}', 'latin1'), 'latin1'],
  ['a byte order mark added', BODY, `\ufeff${BODY}`, 'byte_order_mark'],
  ['a byte order mark removed', `\ufeff${BODY}`, BODY, 'byte_order_mark'],
  ['a line feed added', BODY, `${BODY}\n`, 'line_ends'],
  ['a line feed removed', `${BODY}\n`, BODY, 'line_ends'],
  ['CRLF for LF', PRETTY, PRETTY.replaceAll('\n', '\r\n'), 'line_ends'],
  ['LF for CRLF', PRETTY.replaceAll('\n', '\r\n'), PRETTY, 'line_ends'],
  ['read empty', BODY, '', 'empty'],
  ['another message', BODY, '{"a":"x"}', undefined],
  ['another text', BODY, 'hello', undefined],
  ['another base64', BODY, 'aGVsbG8=', undefined],
] as const)('C8: %s', async (_, original, received, expected) => {
  expect(await diagnosis(original, received)).toBe(expected)
})

test('C8: a body above the limit is not diagnosed at all', async () => {
  const long = `"${'x'.repeat(DIAGNOSED_BYTES_MAX)}"`
  expect(await diagnosis(long, `${long}\n`)).toBeUndefined()
  const within = `"${'x'.repeat(DIAGNOSED_BYTES_MAX - 3)}"`
  expect(await diagnosis(within, `${within}\n`)).toBe('line_ends')
})

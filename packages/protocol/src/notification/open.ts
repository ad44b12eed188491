// Reads a notification's content from its body. The caller must have verified the signature first (signature/answer.ts).

import type { KeyObject } from 'node:crypto'
import { openResource } from '../cipher/resource.ts'
import { MessageError } from '../errors.ts'
import type { NotificationEnvelope } from '../spec/notification.ts'

/** A notification as read: the envelope, and the decrypted resource as WeChat wrote it. */
export interface OpenedNotification {
  envelope: NotificationEnvelope
  /** The decrypted JSON. Its shape depends on `event_type` and `original_type`; check it before use. */
  resource: unknown
}

/** Reads the envelope and decrypts the resource with one of the APIv3 keys. @throws MessageError ERR_MESSAGE_SHAPE, DecryptError */
export function openNotification(body: Uint8Array, keys: readonly KeyObject[]): OpenedNotification {
  const envelope = readEnvelope(body)
  return { envelope, resource: parseJson(openWithAny(keys, envelope), 'resource') }
}

function openWithAny(keys: readonly KeyObject[], envelope: NotificationEnvelope): string {
  let refusal: unknown
  for (const key of keys) {
    try {
      return openResource(key, envelope.resource)
    } catch (error) {
      refusal = error
    }
  }
  // Created only here, because creating an Error costs more than the decryption.
  throw refusal ?? new TypeError('no APIv3 key was given')
}

/**
 * Checked by hand, so that receiving does not load the schemas. Only what decryption needs is required: the rest is signed by WeChat,
 * and a missing summary must not cost a payment. Missing texts become ''.
 */
function readEnvelope(body: Uint8Array): NotificationEnvelope {
  const envelope = record(parseJson(textOf(body), 'body'), 'body')
  const resource = record(envelope['resource'], 'resource')
  for (const name of ['algorithm', 'ciphertext', 'nonce']) requireText(resource, name)
  const { associated_data = undefined } = resource
  if (associated_data !== undefined && associated_data !== null && typeof associated_data !== 'string') throw shape('associated_data')
  return {
    ...envelope,
    ...texts(envelope, 'id', 'create_time', 'event_type', 'resource_type', 'summary'),
    // Each field of the interface was checked above or converted to text. Other fields pass through.
    resource: { ...resource, ...texts(resource, 'original_type'), associated_data: associated_data ?? undefined },
  } as unknown as NotificationEnvelope
}

function texts(holder: Record<string, unknown>, ...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, typeof holder[name] === 'string' ? holder[name] : '']))
}

/** Decodes without copying the bytes. */
function textOf(body: Uint8Array): string {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')
}

function record(value: unknown, where: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw shape(where)
  return value as Record<string, unknown>
}

function requireText(holder: Record<string, unknown>, name: string): void {
  if (typeof holder[name] !== 'string') throw shape(name)
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw shape(where)
  }
}

function shape(where: string): MessageError {
  return new MessageError('ERR_MESSAGE_SHAPE', { where })
}

// The bills of a provider's sub-merchants are sealed: AES-256-GCM over the file (packed, if so asked), under a key of its own that is sealed for the
// provider's certificate (bills §4).

import { createDecipheriv } from 'node:crypto'
import { DecryptError, MessageError } from '@cashdesk/protocol'
import type { BillAnswer, SubMerchantBillAnswer } from '@cashdesk/protocol/spec'

/** One part of a sealed bill. */
export type SealedBill = SubMerchantBillAnswer['download_bill_list'][number]

/** Opens what passes through it. @throws DecryptError at the end, when the bytes were altered or the key is another one */
export type Unseal = (source: Iterable<Uint8Array> | AsyncIterable<Uint8Array>) => AsyncGenerator<Uint8Array>

const TAG_BYTES = 16

export function isSealed(bill: BillAnswer): bill is SealedBill {
  return 'encrypt_key' in bill
}

/** @throws TypeError when the signer cannot open; DecryptError when the key of the file was sealed for another certificate */
export async function unsealFor({ encrypt_key, nonce }: SealedBill, open?: (ciphertext: string) => Promise<string>): Promise<Unseal> {
  if (!open) throw new TypeError('This signer cannot open the key of a sealed bill.')
  const key = Buffer.from(await open(encrypt_key), 'utf8')
  if (key.length !== 32) throw new DecryptError('ERR_DECRYPT', { what: 'bill', problem: 'its key does not have 32 bytes' })
  return (source) => opened(source, key, nonce)
}

async function* opened(source: Iterable<Uint8Array> | AsyncIterable<Uint8Array>, key: Buffer, nonce: string): AsyncGenerator<Uint8Array> {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce)
  // The last 16 bytes are the tag; which they are is known at the end.
  let held: Buffer = Buffer.alloc(0)
  for await (const chunk of source) {
    const bytes = Buffer.concat([held, chunk])
    const body = Math.max(0, bytes.length - TAG_BYTES)
    held = bytes.subarray(body)
    if (body > 0) yield decipher.update(bytes.subarray(0, body))
  }
  try {
    decipher.setAuthTag(held).final()
  } catch (cause) {
    throw new DecryptError('ERR_DECRYPT', { what: 'bill', problem: 'the file was altered or cut, or its key is another one' }, { cause })
  }
}

/** The parts in their order. @throws MessageError when one is missing */
export function partsOf({ download_bill_count, download_bill_list }: SubMerchantBillAnswer): SealedBill[] {
  const parts = [...download_bill_list].sort((a, b) => a.bill_sequence - b.bill_sequence)
  if (parts.length === 0 || parts.length !== download_bill_count || parts.some((part, i) => part.bill_sequence !== i + 1))
    throw new MessageError('ERR_BILL_FORMAT', { problem: 'a part of the bill is missing', parts: parts.length, count: download_bill_count })
  return parts
}

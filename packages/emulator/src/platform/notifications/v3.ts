// A notification over v3: encrypted with the APIv3 key, signed in its headers (v3-notifications §1).

import { apiV3Key, sealNotification } from '@cashdesk/protocol'
import { signatureHeaders } from '../../faults/distort.ts'
import { nonce, type Random, randomHex } from '../../ports/random.ts'
import type { Merchant, SigningKey } from '../merchants/merchants.ts'
import { type Channel, type ChannelWorld, merchantOf, requestTo } from './channel.ts'
import { RETRY_SCHEDULE_MS } from './notification.ts'
import { takenV3 } from './post.ts'

export const V3: Channel = {
  impossible: [],
  retries_ms: RETRY_SCHEDULE_MS,
  async compose(world, notification, fault) {
    const merchant = merchantOf(world, notification)
    const key = signingKey(world, merchant)
    const { id, create_time, event_type, summary, original_type, resource } = notification
    const envelope = { id, create_time, event_type, summary, original_type, resource, nonce: randomHex(world.random, 6) }
    const forged = fault?.fault === 'notification.forged'
    // A forger knows the content and the serial, but neither key.
    const sealed = sealNotification(forged ? apiV3Key(randomHex(world.random, 16)) : merchant.apiV3Key, envelope)
    const body = fault?.fault === 'notification.altered' ? alter(sealed) : sealed
    const signature = forged ? { 'Wechatpay-Signature': Buffer.from(world.random(256)).toString('base64') } : {}
    const headers = {
      'Content-Type': 'application/json',
      'Request-ID': `${nonce(world.random)}-0`,
      ...(await signatureHeaders(key, body, world.clock.now(), world.random, fault)),
      ...signature,
    }
    return requestTo(notification.notify_url, headers, body)
  },
  taken: takenV3,
}

/** The key that the merchant can verify. In the grey period chance decides, by `public_key_share` (v3-protocol §7). */
function signingKey({ merchants, behaviour, random }: ChannelWorld, { keyKind, wechatpayKey }: Merchant): SigningKey {
  const byPublicKey = keyKind === 'both' ? drawn(behaviour.public_key_share, random) : keyKind === 'public_key'
  return byPublicKey ? wechatpayKey : merchants.platformKey
}

/** `share` is in ten-thousandths. A random number is drawn only between the two ends, so that a run in which one key signs everything keeps its seeded sequence. */
function drawn(share: number, random: Random): boolean {
  if (share <= 0) return false
  const [high = 0, low = 0] = share < 10_000 ? random(2) : []
  return (high * 256 + low) / 65_536 < share / 10_000
}

/** Changes one character of the ciphertext. */
function alter(body: string): string {
  return body.replace(/("ciphertext":")(.)/, (_, before: string, first: string) => `${before}${first === 'A' ? 'B' : 'A'}`)
}

// One delivery of a notification: sealed, signed and posted anew, and what came of it within 5 seconds (v3-notifications §1 and §3).

import { apiV3Key, beijingTime, sealNotification } from '@cashdesk/protocol'
import { signatureHeaders } from '../../faults/distort.ts'
import type { ArmedFault } from '../../faults/fault.ts'
import type { Clock } from '../../ports/clock.ts'
import { nonce, type Random, randomHex } from '../../ports/random.ts'
import type { Behaviour } from '../behaviour.ts'
import type { Merchants, SigningKey } from '../merchants.ts'
import { composePush, type PushMessage, type PushSettings } from '../mini-program/push.ts'
import { composeV2 } from '../v2/compose.ts'
import type { V2Fields } from '../v2/fields.ts'
import type { Delivery, Notification } from './notification.ts'
import { type Fetch, post, takenV2, takenV3 } from './post.ts'

export interface DeliveryWorld {
  clock: Clock
  random: Random
  fetch: Fetch
  merchants: Merchants
  behaviour: Behaviour
  /** By appid. */
  pushSettings: ReadonlyMap<string, PushSettings>
}

export async function deliver(world: DeliveryWorld, notification: Notification, fault?: ArmedFault): Promise<Delivery> {
  const time = beijingTime(world.clock.now())
  const struck = fault && { fault: fault.fault }
  if (fault?.fault === 'notification.lost') return { time, error: 'lost', ...struck }
  const request = await compose(world, notification, fault)
  const taken = notification.v2 ? takenV2 : takenV3
  return { time, ...(await post(world, request, taken, { notification, ...struck })), ...struck }
}

async function compose(world: DeliveryWorld, notification: Notification, fault: ArmedFault | undefined): Promise<Request> {
  if (notification.push) return composedPush(world, notification, notification.push.appid, fault)
  const merchant = world.merchants.find(notification.mchid ?? '')
  if (!merchant) throw new TypeError(`no merchant ${notification.mchid}`)
  const { v2 } = notification
  if (v2) {
    // What is told over v2 is made of v2's fields.
    const body = composeV2(world.random, merchant.apiV2Key, v2, notification.resource as V2Fields, fault?.fault)
    return requestTo(notification.notify_url, { 'Content-Type': 'text/xml' }, body)
  }
  const key: SigningKey = byPublicKey(world) ? merchant.wechatpayKey : world.merchants.platformKey
  const { id, create_time, event_type, summary, original_type, resource } = notification
  const envelope = { id, create_time, event_type, summary, original_type, resource, nonce: randomHex(world.random, 6) }
  const forged = fault?.fault === 'notification.forged'
  // A stranger knows the words and the serial, but neither key.
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
}

function composedPush(world: DeliveryWorld, { resource }: Notification, appid: string, fault: ArmedFault | undefined): Request {
  const settings = world.pushSettings.get(appid)
  if (!settings) throw new TypeError(`no push settings of ${appid}`)
  const stranger = fault?.fault === 'notification.forged' || fault?.fault === 'notification.bad_signature'
  // What is pushed is made of the fields of a message.
  const { url, type, body } = composePush(world, { appid, settings, message: resource as PushMessage }, stranger)
  return requestTo(url, { 'Content-Type': type }, body)
}

function requestTo(notify_url: string, headers: Record<string, string>, body: string): Request {
  return new Request(notify_url, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'User-Agent': 'Mozilla/4.0', Accept: '*/*', ...headers },
    body,
  })
}

/** Chance decides only where there is something to decide, so that a world without grey period draws nothing. */
function byPublicKey({ behaviour: { public_key_share: share }, random }: DeliveryWorld): boolean {
  if (share <= 0) return false
  const [high = 0, low = 0] = share < 10_000 ? random(2) : []
  return (high * 256 + low) / 65_536 < share / 10_000
}

/** Changes one character of the ciphertext. */
function alter(body: string): string {
  return body.replace(/("ciphertext":")(.)/, (_, before: string, first: string) => `${before}${first === 'A' ? 'B' : 'A'}`)
}

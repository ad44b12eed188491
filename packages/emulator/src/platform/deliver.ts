// One delivery of a notification: sealed, signed and posted anew, and what came of it within 5 seconds (v3-notifications §1 and §3).

import { apiV3Key, beijingTime, sealNotification } from '@cashdesk/protocol'
import { signatureHeaders } from '../faults/distort.ts'
import type { ArmedFault } from '../faults/faults.ts'
import type { Clock } from '../ports/clock.ts'
import { nonce, type Random, randomHex } from '../ports/random.ts'
import type { Merchants, SigningKey } from './merchants.ts'
import type { Delivery, Notification } from './notification.ts'

/** Everything that speaks HTTP is this function. */
export type Fetch = (request: Request) => Promise<Response>

export const DELIVERY_TIMEOUT_MS = 5000

export interface DeliveryWorld {
  clock: Clock
  random: Random
  fetch: Fetch
  merchants: Merchants
  /** Which key signs notifications: WeChat moves merchants from the certificate to the public key (v3-protocol §7). */
  notificationKey: 'public_key' | 'platform_certificate'
}

export async function deliver(world: DeliveryWorld, notification: Notification, fault?: ArmedFault): Promise<Delivery> {
  const time = beijingTime(world.clock.now())
  const struck = fault && { fault: fault.fault }
  if (fault?.fault === 'notification.lost') return { time, error: 'lost', ...struck }
  const request = await compose(world, notification, fault)
  return { time, ...(await post(world, request)), ...struck }
}

async function compose(world: DeliveryWorld, notification: Notification, fault: ArmedFault | undefined): Promise<Request> {
  const merchant = world.merchants.find(notification.mchid)
  if (!merchant) throw new TypeError(`no merchant ${notification.mchid}`)
  const key: SigningKey = world.notificationKey === 'public_key' ? merchant.wechatpayKey : world.merchants.platformKey
  const { id, create_time, event_type, summary, original_type, resource } = notification
  const envelope = { id, create_time, event_type, summary, original_type, resource, nonce: randomHex(world.random, 6) }
  const forged = fault?.fault === 'notification.forged'
  // A stranger knows the words and the serial, but neither key.
  const sealed = sealNotification(forged ? apiV3Key(randomHex(world.random, 16)) : merchant.apiV3Key, envelope)
  const body = fault?.fault === 'notification.altered' ? alter(sealed) : sealed
  const signature = forged ? { 'Wechatpay-Signature': Buffer.from(world.random(256)).toString('base64') } : {}
  return new Request(notification.notify_url, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      'Content-Type': 'application/json',
      'User-Agent': 'Mozilla/4.0',
      Accept: '*/*',
      'Request-ID': `${nonce(world.random)}-0`,
      ...(await signatureHeaders(key, body, world.clock.now(), world.random, fault)),
      ...signature,
    },
    body,
  })
}

/** Changes one character of the ciphertext. */
function alter(body: string): string {
  return body.replace(/("ciphertext":")(.)/, (_, before: string, first: string) => `${before}${first === 'A' ? 'B' : 'A'}`)
}

/** The time limit also holds for a fetch that ignores its signal, so the two race. */
async function post(world: DeliveryWorld, request: Request): Promise<{ status: number } | { error: string }> {
  const controller = new AbortController()
  let cancel: (() => void) | undefined
  const timeout = new Promise<{ error: string }>((resolve) => {
    cancel = world.clock.timer(DELIVERY_TIMEOUT_MS, () => {
      resolve({ error: 'timeout' })
      controller.abort()
    })
  })
  try {
    return await Promise.race([timeout, send(world.fetch, new Request(request, { signal: controller.signal }))])
  } finally {
    cancel?.()
  }
}

async function send(fetch: Fetch, request: Request): Promise<{ status: number } | { error: string }> {
  try {
    const response = await fetch(request)
    await response.body?.cancel()
    return { status: response.status }
  } catch {
    return { error: 'network' }
  }
}

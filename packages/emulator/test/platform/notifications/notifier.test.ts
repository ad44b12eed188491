// Notifications: real signature, real encryption, WeChat's schedule (v3-notifications §1, §3, §5).

import { assertPlausible, assertSigned, certificate, publicKey, readAnswerSignature } from '@cashdesk/protocol'
import { expect, test } from 'vitest'
import { RETRY_SCHEDULE_MS } from '../../../src/index.ts'
import { aWorld, HOURS, MINUTES, pay, query, SECONDS, START } from '../../world.ts'

test('a payment is notified after the cashier answered, signed, sealed, and equal to the query', async () => {
  const world = await aWorld()
  await pay(world, { attach: 'a=1' })
  expect(world.endpoint.received).toHaveLength(0)
  await world.clock.advance(0)
  expect(world.endpoint.received).toHaveLength(1)
  const [notice] = world.endpoint.received
  if (!notice) throw new Error('nothing was received')
  const signature = readAnswerSignature(notice.headers)
  assertPlausible(signature, world.clock.now())
  assertSigned(signature, notice.body, publicKey(world.emulator.settings.public_key))
  expect(signature.serial).toBe(world.emulator.settings.public_key_id)
  expect(notice.url).toBe('https://shop.test/notify')
  expect(JSON.parse(Buffer.from(notice.body).toString())).toMatchObject({
    event_type: 'TRANSACTION.SUCCESS',
    resource_type: 'encrypt-resource',
    summary: '支付成功',
    resource: { original_type: 'transaction', algorithm: 'AEAD_AES_256_GCM', associated_data: 'transaction' },
  })
  // The query has one more member, and another order of members (see test/live).
  expect({ ...world.shop.open(notice.body), promotion_detail: [] }).toEqual((await query(world)).body)
  expect(world.emulator.notifications()).toMatchObject([{ state: 'delivered', deliveries: [{ status: 204 }] }])
})

test('a merchant with platform certificates only is notified by the certificate', async () => {
  const world = await aWorld({ keyKind: 'certificate' })
  await pay(world)
  await world.emulator.deliverDue()
  const [notice] = world.endpoint.received
  if (!notice) throw new Error('nothing was received')
  const { platform_cert, platform_serial } = world.emulator.settings
  const signature = readAnswerSignature(notice.headers)
  expect(signature.serial).toBe(platform_serial)
  assertSigned(signature, notice.body, certificate(platform_cert).publicKey)
})

test('in the grey period some are signed by the public key, the others still by the certificate (v3-protocol §7)', async () => {
  const world = await aWorld({ keyKind: 'both', behaviour: { public_key_share: 5000, fee_rate: 0 } })
  for (let i = 0; i < 40; i++) await pay(world, { out_trade_no: `grey-${i}000` })
  await world.emulator.deliverDue()
  const { platform_serial, public_key_id } = world.emulator.settings
  const serials = world.endpoint.received.map(({ headers }) => headers.get('Wechatpay-Serial'))
  expect(serials).toHaveLength(40)
  expect(new Set(serials)).toEqual(new Set([platform_serial, public_key_id]))
})

test('a merchant who refuses is told again on WeChat’s schedule, sixteen times in 24 h 4 min, then never', async () => {
  const world = await aWorld()
  const times: number[] = []
  world.endpoint.answer = () => {
    times.push(world.clock.now() - START)
    return Response.json({ code: 'FAIL' }, { status: 500 })
  }
  await pay(world)
  await world.clock.advance(48 * HOURS)
  let sum = 0
  expect(times).toEqual([0, ...RETRY_SCHEDULE_MS.map((wait) => (sum += wait))])
  expect(times.at(-1)).toBe(24 * HOURS + 4 * MINUTES)
  expect(world.emulator.notifications()).toMatchObject([{ state: 'exhausted' }])
  expect(world.emulator.notifications()[0]?.deliveries).toHaveLength(16)
})

test('each delivery is signed and sealed anew under the same id', async () => {
  const world = await aWorld()
  world.endpoint.answer = () => new Response(null, { status: world.endpoint.received.length < 2 ? 500 : 200 })
  await pay(world)
  await world.clock.advance(15 * SECONDS)
  const [first, second] = world.endpoint.received
  if (!first || !second) throw new Error('two deliveries were expected')
  const header = (name: string): unknown[] => [first.headers.get(name), second.headers.get(name)]
  for (const name of ['Wechatpay-Timestamp', 'Wechatpay-Nonce', 'Wechatpay-Signature']) {
    const [a, b] = header(name)
    expect(a).not.toBe(b)
  }
  const [a, b] = [first, second].map(({ body }) => JSON.parse(Buffer.from(body).toString()))
  expect(a.id).toBe(b.id)
  expect(a.resource.ciphertext).not.toBe(b.resource.ciphertext)
  assertPlausible(readAnswerSignature(second.headers), world.clock.now())
})

test('the status wins over the body, and a redirect is not followed', async () => {
  const world = await aWorld()
  world.endpoint.answer = () => Response.json({ code: 'FAIL', message: 'no' })
  await pay(world)
  await world.emulator.deliverDue()
  expect(world.emulator.notifications()).toMatchObject([{ state: 'delivered' }])

  world.endpoint.answer = () => new Response(null, { status: 302, headers: { Location: 'https://shop.test/other' } })
  await pay(world, { out_trade_no: 'order-0002' })
  await world.emulator.deliverDue()
  expect(world.emulator.notifications().at(-1)).toMatchObject({ state: 'waiting', deliveries: [{ status: 302 }] })
  expect(world.endpoint.received).toHaveLength(2)
})

test('no answer within five seconds, and no connection, are failures', async () => {
  const world = await aWorld()
  let heard: () => void = () => undefined
  const asked = new Promise<void>((resolve) => {
    heard = resolve
  })
  world.endpoint.answer = () => {
    heard()
    return new Promise(() => undefined)
  }
  await pay(world)
  const delivering = world.emulator.deliverDue()
  await asked
  await world.clock.advance(5 * SECONDS)
  await delivering
  expect(world.emulator.notifications()).toMatchObject([{ state: 'waiting', deliveries: [{ error: 'timeout' }] }])

  world.endpoint.answer = () => {
    throw new TypeError('fetch failed')
  }
  await world.clock.advance(15 * SECONDS)
  expect(world.emulator.notifications()[0]?.deliveries).toMatchObject([{ error: 'timeout' }, { error: 'network' }])
})

test('a clock that is advanced over an endpoint that hangs goes on, and the delivery times out', async () => {
  const world = await aWorld()
  world.endpoint.answer = () => new Promise(() => undefined)
  await pay(world)
  await world.clock.advance(5 * SECONDS)
  await world.emulator.deliverDue()
  expect(world.emulator.notifications()).toMatchObject([{ deliveries: [{ error: 'timeout' }] }])
})

test('the emulator’s own clock delivers what falls due on the way, each at its own moment', async () => {
  const world = await aWorld()
  const times: string[] = []
  world.endpoint.answer = () => {
    times.push(world.endpoint.received.at(-1)?.headers.get('Wechatpay-Timestamp') ?? '')
    return new Response(null, { status: 500 })
  }
  await pay(world)
  await world.emulator.clock.advance(MINUTES)
  expect(times.map((time) => Number(time) * 1000 - START)).toEqual([0, 15, 30, 60].map((s) => s * SECONDS))
  expect(world.emulator.clock.now()).toBe(START + MINUTES)
  expect(world.clock.now()).toBe(START)
})

test('a replay is sent at once, and ends the waiting when it is taken', async () => {
  const world = await aWorld()
  world.endpoint.answer = () => new Response(null, { status: 500 })
  await pay(world)
  await world.emulator.deliverDue()
  world.endpoint.answer = () => new Response(null, { status: 204 })
  const id = world.emulator.notifications()[0]?.id ?? ''
  expect(await world.emulator.replay(id)).toMatchObject({ status: 204 })
  await world.clock.advance(48 * HOURS)
  expect(world.endpoint.received).toHaveLength(2)
  expect(world.emulator.notifications()).toMatchObject([{ state: 'delivered' }])
})

test('a reset forgets what was waiting', async () => {
  const world = await aWorld()
  await pay(world)
  world.emulator.reset()
  await world.clock.advance(48 * HOURS)
  expect(world.endpoint.received).toHaveLength(0)
  expect(world.emulator.truth().ledger).toEqual([])
})

// Every fault does what its name says, as often as it was asked, and where it was asked (v3-protocol §5, v3-notifications §3).

import { DecryptError, PROBE_PREFIX, readAnswerSignature } from '@cashdesk/protocol'
import { expect, test } from 'vitest'
import { ConnectionLost, FAULTS, type FaultInput } from '../../src/index.ts'
import { anOrder, aWorld, JSAPI, pay, place, query, SECONDS, type World } from '../world.ts'

const codeOf = (act: () => unknown): string | undefined => {
  try {
    act()
    return undefined
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error)
  }
}

test.each<[FaultInput, string]>([
  [{ fault: 'answer.unsigned' }, 'ERR_SIGNATURE_HEADERS'],
  [{ fault: 'answer.unsigned', header: 'wechatpay-nonce' }, 'ERR_SIGNATURE_HEADERS'],
  [{ fault: 'answer.bad_signature' }, 'ERR_SIGNATURE_MISMATCH'],
  [{ fault: 'answer.stale' }, 'ERR_TIMESTAMP_WINDOW'],
  [{ fault: 'answer.future' }, 'ERR_TIMESTAMP_WINDOW'],
  [{ fault: 'answer.stale', seconds: 301 }, 'ERR_TIMESTAMP_WINDOW'],
  [{ fault: 'answer.probe' }, 'ERR_SIGNATURE_PROBE'],
])('%j: the answer must be refused, the next one accepted', async (input, code) => {
  const world = await aWorld()
  await place(world)
  world.emulator.faults.add(input)
  const answer = await query(world)
  expect(answer.status).toBe(200)
  expect(codeOf(() => world.shop.verified(answer))).toBe(code)
  expect(world.emulator.requests()[0]).toMatchObject({ fault: input.fault })
  expect(codeOf(async () => world.shop.verified(await query(world)))).toBeUndefined()
})

test('one header alone is left out', async () => {
  const world = await aWorld()
  await place(world)
  world.emulator.faults.add({ fault: 'answer.unsigned', header: 'Wechatpay-Nonce' })
  const { headers } = await query(world)
  expect(headers.has('Wechatpay-Nonce')).toBe(false)
  expect(headers.has('Wechatpay-Signature')).toBe(true)
})

test('answer.wrong_serial names a key nobody has', async () => {
  const world = await aWorld()
  await place(world)
  world.emulator.faults.add({ fault: 'answer.wrong_serial' })
  const { serial } = readAnswerSignature((await query(world)).headers)
  expect([world.emulator.settings.public_key_id, world.emulator.settings.platform_serial]).not.toContain(serial)
})

test('request.lost does nothing, answer.lost and answer.http_500 do it all the same', async () => {
  const world = await aWorld()
  const order = (n: number) => world.shop.call('POST', JSAPI, anOrder(world, { out_trade_no: `order-000${n}` }))
  world.emulator.faults.add({ fault: 'request.lost' })
  await expect(order(1)).rejects.toThrow(ConnectionLost)
  expect(await query(world, 'order-0001')).toMatchObject({ status: 404 })

  world.emulator.faults.add({ fault: 'answer.lost' })
  await expect(order(2)).rejects.toThrow(ConnectionLost)
  expect(await query(world, 'order-0002')).toMatchObject({ status: 200 })

  world.emulator.faults.add({ fault: 'answer.http_500' })
  expect(world.shop.verified(await order(3))).toMatchObject({
    status: 500,
    body: { code: 'SYSTEM_ERROR', message: '系统异常，请稍后重试' },
  })
  expect(await query(world, 'order-0003')).toMatchObject({ status: 200 })
})

test('a fault strikes only where it matches, as often as it was asked', async () => {
  const world = await aWorld({ keyKind: 'both' })
  await place(world)
  world.emulator.faults.add({ fault: 'answer.http_500', match: { path: '/v3/pay/' }, times: 2 })
  const statuses: number[] = []
  statuses.push((await world.shop.call('GET', '/v3/certificates')).status)
  for (let time = 0; time < 3; time += 1) statuses.push((await query(world)).status)
  expect(statuses).toEqual([200, 500, 500, 200])
  expect(world.emulator.faults.list()).toEqual([])
})

test('a fault taken back does not strike', async () => {
  const world = await aWorld()
  await place(world)
  const { id } = world.emulator.faults.add({ fault: 'answer.http_500' })
  expect(world.emulator.faults.remove(id)).toBe(true)
  expect(await query(world)).toMatchObject({ status: 200 })
})

/** Pays under a fault, delivers, and gives back what arrived. */
async function notified(input: FaultInput): Promise<{ world: World; received: World['endpoint']['received'] }> {
  const world = await aWorld()
  world.emulator.faults.add(input)
  await pay(world)
  await world.emulator.deliverDue()
  return { world, received: world.endpoint.received }
}

function verify(world: World, index = 0): string | undefined {
  const notice = world.endpoint.received[index]
  if (!notice) throw new Error('nothing was received')
  const text = Buffer.from(notice.body).toString()
  return codeOf(() => world.shop.verified({ status: 200, headers: notice.headers, text, body: {} }))
}

test('notification.lost never arrives, and the next one does', async () => {
  const { world, received } = await notified({ fault: 'notification.lost' })
  expect(received).toHaveLength(0)
  expect(world.emulator.notifications()).toMatchObject([{ state: 'waiting', deliveries: [{ error: 'lost', fault: 'notification.lost' }] }])
  await world.clock.advance(15 * SECONDS)
  expect(received).toHaveLength(1)
})

test('notification.doubled arrives twice under one id, each well signed', async () => {
  const { world, received } = await notified({ fault: 'notification.doubled' })
  expect(received).toHaveLength(2)
  expect(new Set(received.map(({ body }) => JSON.parse(Buffer.from(body).toString()).id)).size).toBe(1)
  expect([verify(world, 0), verify(world, 1)]).toEqual([undefined, undefined])
})

test.each<[FaultInput['fault'], string]>([
  ['notification.bad_signature', 'ERR_SIGNATURE_MISMATCH'],
  ['notification.probe', 'ERR_SIGNATURE_PROBE'],
  ['notification.stale', 'ERR_TIMESTAMP_WINDOW'],
  ['notification.future', 'ERR_TIMESTAMP_WINDOW'],
  ['notification.wrong_serial', 'ERR_SIGNATURE_MISMATCH'],
  ['notification.unsigned', 'ERR_SIGNATURE_HEADERS'],
])('%s must be refused', async (fault, code) => {
  const { world } = await notified({ fault })
  expect(verify(world)).toBe(code)
})

test('a probe is followed by a correct one even when it was accepted', async () => {
  const { world, received } = await notified({ fault: 'notification.probe' })
  expect(received[0]?.headers.get('Wechatpay-Signature')?.startsWith(PROBE_PREFIX)).toBe(true)
  await world.clock.advance(15 * SECONDS)
  expect(received).toHaveLength(2)
  expect(verify(world, 1)).toBeUndefined()
})

test('notification.altered is well signed and cannot be opened', async () => {
  const { world, received } = await notified({ fault: 'notification.altered' })
  expect(verify(world)).toBeUndefined()
  expect(() => world.shop.open(received[0]?.body ?? new Uint8Array())).toThrow(DecryptError)
})

test('each fault says what it does in both languages', () => {
  for (const { en, zh } of Object.values(FAULTS)) expect([en, zh].every((text) => text.length > 5)).toBe(true)
})

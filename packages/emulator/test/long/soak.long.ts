// 200,000 orders in bad weather: what the bank says stays true, numbers stay unique, and memory holds what is kept and nothing else.

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import type { FaultName } from '../../src/index.ts'
import { anOrder, aWorld, JSAPI, refund, type World } from '../world.ts'

const ORDERS = Number(process.env['SOAK_ORDERS'] ?? 200_000)
/** What happened is forgotten after so many, as a long test bench would: the rest of the memory must not grow. */
const ROUND = ORDERS / 20
const AT_ONCE = 16

const WEATHER: Partial<Record<FaultName, number>> = {
  'request.lost': 0.01,
  'answer.lost': 0.01,
  'answer.http_500': 0.01,
  'answer.http_429': 0.01,
  'answer.unsigned': 0.01,
  'answer.bad_signature': 0.01,
  'answer.truncated': 0.01,
  'notification.lost': 0.02,
  'notification.doubled': 0.02,
  'notification.delayed': 0.02,
  'notification.altered': 0.01,
  'notification.stale': 0.01,
  'notification.probe': 0.01,
}

/** Asked until it is answered by something that can be believed. */
async function persistently<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask()
    } catch {
      // Lost, cut or not signed: asked again under the same number.
    }
  }
}

async function buy(world: World, out_trade_no: string): Promise<void> {
  const { emulator, shop } = world
  const prepay_id = await persistently(async () => {
    const answer = shop.verified(await shop.call('POST', JSAPI, anOrder(world, { out_trade_no })))
    if (answer.status !== 200) throw new Error(answer.text)
    return String(answer.body['prepay_id'])
  })
  const { appid, users } = emulator.settings
  const fields = await shop.paymentFields(appid, prepay_id)
  expect(emulator.cashier({ appId: appid, openid: users[0]?.openid ?? '', ...fields })).toEqual({ errMsg: 'requestPayment:ok' })
  // One in eight is given back, in part.
  if (Number(out_trade_no.slice(-6)) % 8 !== 0) return
  await persistently(async () => {
    const amount = { refund: 40, total: 100, currency: 'CNY' }
    const answer = shop.verified(await refund(world, { out_trade_no, out_refund_no: `R${out_trade_no}`, amount }))
    if (answer.status !== 200) throw new Error(answer.text)
  })
}

function checkTruth(world: World, expected: number): void {
  const { ledger } = world.emulator.truth()
  const payments = ledger.flatMap((entry) => (entry.kind === 'payment' ? [entry] : []))
  const refunds = ledger.flatMap((entry) => (entry.kind === 'refund' ? [entry] : []))
  expect(payments).toHaveLength(expected)
  expect(new Set(payments.map(({ out_trade_no }) => out_trade_no)).size).toBe(expected)
  expect(new Set(payments.map(({ transaction_id }) => transaction_id)).size).toBe(expected)
  expect(refunds).toHaveLength(expected / 8)
  expect(new Set(refunds.map(({ out_refund_no }) => out_refund_no)).size).toBe(expected / 8)
  expect(ledger.map(({ seq }) => seq)).toEqual(Array.from({ length: ledger.length }, (_, i) => i + 1))
  // Money in and out of the account is what the entries say: total less fee, less what was given back and its fee.
  const moved = ledger.flatMap(({ movements }) => movements).reduce((sum, { available, frozen }) => sum + available + frozen, 0)
  const told =
    payments.reduce((sum, { amount, fee }) => sum + amount.total - fee, 0) -
    refunds.reduce((sum, entry) => sum + entry.amount.refund - entry.fee, 0)
  expect(moved).toBe(told)
}

setFlagsFromString('--expose_gc')
const collect = runInNewContext('gc') as () => void

test(`${ORDERS} orders in bad weather`, async () => {
  const world = await aWorld({ behaviour: { fee_rate: 60 } })
  world.emulator.faults.setWeather({ seed: 7, rates: WEATHER })
  const heap: number[] = []
  const began = performance.now()
  for (let round = 0; round < ORDERS / ROUND; round++) {
    for (let first = 0; first < ROUND; first += AT_ONCE) {
      await Promise.all(
        Array.from({ length: Math.min(AT_ONCE, ROUND - first) }, (_, i) => buy(world, `S${round}X${String(first + i).padStart(6, '0')}`)),
      )
      await world.clock.advance(1000)
      world.endpoint.received.length = 0
    }
    checkTruth(world, ROUND)
    world.emulator.reset()
    world.emulator.faults.setWeather({ seed: round, rates: WEATHER })
    collect()
    heap.push(process.memoryUsage().heapUsed)
  }
  const settled = heap.slice(Math.floor(heap.length / 4))
  const growth = slope(settled) / ROUND
  console.log(`heap after each round, MB: ${heap.map((bytes) => (bytes / 1e6).toFixed(1)).join(' ')}`)
  console.log(
    `${Math.round((ORDERS * 1000) / (performance.now() - began))} orders/s; the heap grows by ${growth.toFixed(2)} bytes an order after warm-up`,
  )
  expect(growth).toBeLessThan(16)
}, 3_600_000)

/** Least squares, per step. */
function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const [up, down] = values.reduce(([a, b], value, i) => [a + (i - middle) * (value - mean), b + (i - middle) ** 2], [0, 0])
  return up / down
}

// G7: a request may wait in many short queues. What is measured is how long the requests in progress have been worked on, without their waits for others.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createInHand, elsewhere } from '../../packages/server/src/access/in-hand.ts'
import { bytes } from '../../packages/server/src/http/input.ts'
import { createMetrics } from '../../packages/server/src/metrics/metrics.ts'
import { counted } from '../../packages/server/src/wechat/gate.ts'
import { aWorld, type TestWorld } from '../support/world.ts'

let world: TestWorld | undefined
beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(async () => {
  vi.useRealTimers()
  await world?.close()
  world = undefined
})

const never = (): Promise<never> => new Promise(() => {})

/** `count` requests, each doing `work`. */
function inHandOf(count: number, work: () => Promise<unknown>) {
  const inHand = createInHand()
  for (let n = 0; n < count; n++) void inHand.during(work).catch(() => {})
  return inHand
}

test('G7: the age of the queue is twice the age of the median request, and 0 when all requests have ended', async () => {
  const inHand = createInHand()
  const ends: (() => void)[] = []
  const all: Promise<void>[] = []
  for (let n = 0; n < 20; n++) {
    all.push(inHand.during(() => new Promise<void>((resolve) => void ends.push(resolve))))
    vi.advanceTimersByTime(10)
  }
  // They are 10, 20, … 200 ms old; the median is the eleventh from the youngest.
  expect(inHand.age_ms()).toBe(220)
  for (const end of ends) end()
  await Promise.all(all)
  expect(inHand.age_ms()).toBe(0)
})

test('G7: a request that failed is no longer counted', async () => {
  const inHand = createInHand()
  const failing = Array.from({ length: 20 }, () => inHand.during(() => Promise.reject(new Error('no'))).catch(() => {}))
  await Promise.all(failing)
  vi.advanceTimersByTime(1000)
  expect(inHand.age_ms()).toBe(0)
})

test('G7: fewer than 16 requests have no age, however long they take', () => {
  const few = inHandOf(15, never)
  const many = inHandOf(16, never)
  vi.advanceTimersByTime(500)
  expect([few.age_ms(), many.age_ms()]).toEqual([0, 1000])
})

test.for<[string, () => Promise<unknown>]>([
  ['anybody else', () => elsewhere(never)],
  ['WeChat', () => counted(createMetrics(), 'place', never)],
  ['a body that comes slowly', () => bytes(new Request('http://x/', { method: 'POST', body: new ReadableStream(), duplex: 'half' }))],
])('G7: time spent waiting for %s does not count', ([, wait]) => {
  const inHand = inHandOf(40, wait)
  vi.advanceTimersByTime(5000)
  expect(inHand.age_ms()).toBe(0)
})

test('G7: after its wait the request counts again, without the time of the wait', async () => {
  const answered = Promise.withResolvers<void>()
  const inHand = inHandOf(20, async () => {
    await elsewhere(() => answered.promise)
    await never()
  })
  vi.advanceTimersByTime(5000)
  answered.resolve()
  await new Promise((resolve) => setImmediate(resolve))
  vi.advanceTimersByTime(30)
  expect(inHand.age_ms()).toBe(60)
})

test('G7: requests of backends and phones are counted; notifications and probes are not', async () => {
  world = await aWorld()
  let counted_requests = 0
  const { pressure } = world.world
  world.world.pressure = {
    ...pressure,
    during(work) {
      counted_requests++
      return work()
    },
  }
  for (const path of ['/v1/orders?merchant=shop', '/client/v1/orders/X']) await world.api(path)
  expect(counted_requests).toBe(2)
  for (const path of ['/livez', '/readyz', '/metrics', '/wechat/shop/notify/payment']) await world.fetch(path, { method: 'POST' })
  expect(counted_requests).toBe(2)
})

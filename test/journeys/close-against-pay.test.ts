// The user pays at the moment of our close (D2): WeChat decides, and our order ends the same. Each race has a seed.

import { afterEach, expect, test } from 'vitest'
import { chanceOf } from '../../simulation/src/chance.ts'
import { aWorld, HOUR, type TestWorld } from '../support/world.ts'

/** `npm run test:long` runs ten thousand races. */
const RACES = Number(process.env['CASHDESK_RACES'] ?? 300)
const AT_ONCE = 20

let open: TestWorld | undefined
afterEach(() => open?.close())

/** Some turns of the event loop, so that the two meet at different points each time. */
async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise<void>((resolve) => setImmediate(resolve))
}

test(`D2: in ${RACES} races of close and pay the order always ends as WeChat says`, async () => {
  const chance = chanceOf(2)
  const world = await aWorld()
  open = world
  const { appid, users } = world.emulator.settings
  const openid = users[0]?.openid ?? ''
  const seen = { paid: 0, closed: 0 }
  for (let first = 0; first < RACES; first += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, RACES - first) }, (_, i) => `RACE-${String(first + i).padStart(6, '0')}`)
    const fields = await Promise.all(
      numbers.map(async (out_trade_no) => {
        await world.placeOrder({ out_trade_no, payer: { appid, openid } })
        const answer = await world.api(`/v1/orders/${out_trade_no}/pay?merchant=shop`, { method: 'POST', json: {} })
        return (await answer.json()) as Record<string, string>
      }),
    )
    // Up to the last moment at which both can win: at WeChat the order stays open for a short time after our expiry.
    await world.clock.advance(2 * HOUR - 2000)
    const pays = fields.map(async (field) => {
      await turns(chance.int(60))
      world.emulator.cashier({ ...field, appId: appid, openid })
      if (chance.oneIn(3)) await world.emulator.deliverDue()
    })
    const closes = numbers.map(async (out_trade_no) => {
      await turns(chance.int(60))
      await world.api(`/v1/orders/${out_trade_no}/close?merchant=shop`, { method: 'POST', json: {} })
    })
    await Promise.all([...pays, ...closes])
    for (let round = 0; round < 3; round++) {
      await world.clock.advance(HOUR)
      await world.emulator.deliverDue()
      await world.settle()
    }
    const paid = new Set(world.emulator.truth().ledger.flatMap((entry) => (entry.kind === 'payment' ? [entry.out_trade_no] : [])))
    for (const out_trade_no of numbers) {
      const { state } = await world.order(out_trade_no)
      expect(state, out_trade_no).toBe(paid.has(out_trade_no) ? 'paid' : 'closed')
      seen[state as 'paid' | 'closed']++
    }
  }
  expect(seen.paid).toBeGreaterThan(RACES / 20)
  expect(seen.closed).toBeGreaterThan(RACES / 20)
  console.log(`${seen.paid} were paid, ${seen.closed} closed`)
}, 1_200_000)

// Runs one seed: some minutes of shopping with faults, then two days without faults, then the oracle.

import { type EmulatorKeys, FAULTS, type FaultName } from '@cashdesk/emulator'
import type { PayOutcome } from '@cashdesk/miniprogram'
import { type Chance, chanceOf } from './chance.ts'
import { signaturesInStep } from './in-step.ts'
import { contradictions, type Promised } from './oracle.ts'
import { aWorld, type SimulatedWorld } from './world.ts'

const STEPS = 40
const HOUR = 3_600_000
/** How many milliseconds a machine's clock may be ahead (or behind, if negative). */
const JUMPS = [2, -2, 10, -10, 24 * 60, -24 * 60].map((minutes) => minutes * 60_000)
/** Faults left out: they end only as time passes, and here time passes only between two acts. Deadlines have tests of their own. */
const SLOW: readonly string[] = ['answer.timeout', 'answer.drip']
/** Faults of WeChat and of the network to it. */
const STORM = (Object.keys(FAULTS) as FaultName[]).filter((fault) => !SLOW.includes(fault))

export interface Report {
  /** What the oracle found wrong with this seed; must be empty. */
  wrong: string[]
  /** Counts of what happened. A simulation in which nothing happens proves nothing. */
  orders: number
  paid: number
  refunded: number
  deaths: number
}

export async function run(seed: number, keys: EmulatorKeys): Promise<Report> {
  signaturesInStep()
  const chance = chanceOf(seed)
  const world = await aWorld(chance, keys)
  const promised: Promised = { orders: new Map(), paid: new Set(), refunds: new Map(), misled: [], tried: 0 }
  try {
    for (let step = 0; step < STEPS; step++) await act(world, chance, promised)
    const late = await calm(world)
    const { ledger } = world.emulator.truth()
    return {
      wrong: [...late, ...(await contradictions(world, promised))],
      orders: promised.orders.size,
      paid: ledger.filter((entry) => entry.kind === 'payment').length,
      refunded: ledger.filter((entry) => entry.kind === 'refund').length,
      deaths: world.deaths(),
    }
  } finally {
    await world.close()
  }
}

async function act(world: SimulatedWorld, chance: Chance, promised: Promised): Promise<void> {
  // A wrong clock is put right after a few acts, because nothing can be sold while it is wrong.
  if (chance.oneIn(2)) world.clockJumps(0, 0)
  switch (chance.int(14)) {
    case 0:
    case 1:
      return placeOrder(world, chance, promised)
    case 2:
    case 3:
    case 4:
      return pay(world, chance, promised)
    case 5:
      return refund(world, chance, promised)
    case 6:
      world.emulator.faults.add({ fault: chance.pick(STORM), times: 1 + chance.int(3) })
      return
    case 7:
      world.dieAfter(1 + chance.int(4))
      return
    case 8:
      return replay(world, chance)
    case 9:
      return world.settle()
    case 10:
      return world.deliver()
    case 11:
      return world.firewalls[chance.pick(['before WeChat', 'before the server'] as const)].arm(1 + chance.int(3))
    case 12:
      // For up to two calls WeChat does not answer either, so the server cannot learn the right time from it.
      return world.clockJumps(chance.pick(JUMPS), chance.int(3))
    default:
      await world.clock.advance(chance.pick([1000, 20_000, 60_000, 10 * 60_000, HOUR]))
  }
}

async function placeOrder(world: SimulatedWorld, chance: Chance, promised: Promised): Promise<void> {
  // A refused number is not used again, because an order may exist under it by now.
  const out_trade_no = `ORDER-${++promised.tried}`
  const total = 1 + chance.int(100_000)
  // Every third order names the payer and asks for the payment in the same call.
  const payer = { appid: world.emulator.settings.appid, openid: world.emulator.settings.users[0]?.openid }
  const made = await world.api<{ client_secret: string }>('POST', '/v1/orders', {
    merchant: 'shop',
    out_trade_no,
    description: '拿铁',
    amount: { total },
    ...(promised.tried % 3 === 0 && { payer, pay: true }),
  })
  if (made !== 'died' && made.status === 201) promised.orders.set(out_trade_no, { total, client_secret: made.body.client_secret })
}

async function pay(world: SimulatedWorld, chance: Chance, promised: Promised): Promise<void> {
  if (promised.orders.size === 0) return
  const [out_trade_no, { client_secret }] = chance.pick([...promised.orders])
  const phone = world.aPhone(chance.pick(['pay', 'pay', 'pay', 'cancel', 'fail']), chance.oneIn(4))
  // Sometimes the same order is paid on two phones at once.
  const phones = [phone, ...(chance.oneIn(6) ? [world.aPhone('pay', false)] : [])]
  const outcomes = await Promise.all(phones.map(({ cashdesk }): Promise<PayOutcome> => cashdesk.pay({ out_trade_no, client_secret })))
  for (const [i, { status }] of outcomes.entries()) {
    if (status === 'paid') promised.paid.add(out_trade_no)
    // The phone has paid, so "paid" and "pending" are the only true outcomes.
    if ((status === 'failed' || status === 'cancelled') && phones[i]?.hasPaid()) promised.misled.push(`${out_trade_no} ${status}`)
  }
  if (chance.oneIn(2)) await world.emulator.deliverDue()
}

async function refund(world: SimulatedWorld, chance: Chance, promised: Promised): Promise<void> {
  if (promised.orders.size === 0) return
  const [out_trade_no, { total }] = chance.pick([...promised.orders])
  // A retry keeps its number, as the documents require.
  const known = [...promised.refunds].filter(([, one]) => one.out_trade_no === out_trade_no)
  const [out_refund_no, { amount }] =
    known.length > 0 && chance.oneIn(2)
      ? chance.pick(known)
      : ([`REFUND-${promised.refunds.size + 1}`, { amount: 1 + chance.int(total) }] as const)
  const reason = chance.pick(['不想要了', 'sentinel:ABNORMAL', 'sentinel:CLOSED', '不想要了'])
  const asked = known.find(([no]) => no === out_refund_no)?.[1].reason ?? reason
  promised.refunds.set(out_refund_no, { out_trade_no, amount, reason: asked })
  await world.api('POST', `/v1/orders/${out_trade_no}/refunds?merchant=shop`, { out_refund_no, amount: { refund: amount }, reason: asked })
}

async function replay(world: SimulatedWorld, chance: Chance): Promise<void> {
  const notifications = world.emulator.notifications()
  if (notifications.length > 0) await world.emulator.replay(chance.pick(notifications).id)
}

/** No more faults. Whatever is still open has two days, with WeChat and the schedule working, to be settled. */
async function calm(world: SimulatedWorld): Promise<string[]> {
  world.emulator.faults.remove()
  for (const firewall of Object.values(world.firewalls)) firewall.disarm()
  world.dieAfter(Number.POSITIVE_INFINITY)
  world.clockJumps(0, 0)
  await world.settle()
  // O8: in true time, whatever a wrong clock has scheduled, everything open is checked within the longest pause.
  const late = (await world.audit())
    .filter(({ check }) => check.startsWith('A24'))
    .map(({ subject }) => `O8 ${subject} is looked at too late`)
  for (let hours = 0; hours < 80; hours += 2) {
    await world.emulator.deliverDue()
    for (let round = 0; round < 4; round++) await world.settle()
    await world.deliver()
    await world.clock.advance(2 * HOUR)
  }
  return late
}

// The page for Prometheus: counters, and gauges of what is open, which are read from the database once every few seconds at most.

import type { Vitals } from '@cashdesk/store'
import { Gauge, Registry } from 'prom-client'
import { withReserve } from '../access/reserve.ts'
import { certificatesOf } from '../health/certificates.ts'
import { faultOfDatabase } from '../health/database.ts'
import { TRUST_FAULTS } from '../health/trust.ts'
import type { World } from '../world.ts'

const KEPT_MS = 5000

export interface Page {
  content_type: string
  text: string
}

/** Concurrent scrapes share one promise, because each scrape runs a dozen queries. */
export function scraper(world: World): () => Promise<Page> {
  let page: Promise<Page> | undefined
  let until = 0
  return () => {
    const now = world.clock.now()
    if (page === undefined || now >= until || now < until - KEPT_MS) {
      until = now + KEPT_MS
      page = scrape(world)
    }
    return page
  }
}

async function scrape(world: World): Promise<Page> {
  const gauges = new Registry()
  const vitals = await world.store.vitals(world.clock.now()).catch(() => undefined)
  const fault = await faultOfDatabase(withReserve(world))
  gauge(gauges, 'wxpay_database_up', 'Whether the database took a write for this scrape.', [], [[{}, vitals && !fault ? 1 : 0]])
  // If the database does not answer, the gauges are left out: an old value would mislead.
  if (vitals) openThings(gauges, vitals, world.clock.now())
  ownThings(gauges, world)
  const { registry } = world.metrics
  return { content_type: registry.contentType, text: `${await registry.metrics()}${await gauges.metrics()}` }
}

function openThings(to: Registry, vitals: Vitals, now: number): void {
  const age = (since: number | null): number => (since === null ? 0 : Math.max(0, now - since) / 1000)
  const unknown = [
    ...vitals.orders.filter(({ state }) => state === 'ordering'),
    ...vitals.refunds.filter(({ state }) => state === 'requested'),
  ]
  gauge(
    to,
    'wxpay_order_state_age_seconds',
    "How long the oldest order has waited for WeChat's word (ordering, closing) or a person (review).",
    ['state'],
    vitals.orders.map(({ state, oldest }) => [{ state }, age(oldest)]),
  )
  gauge(to, 'wxpay_unknown_outcomes_open', 'Orders and refunds asked for at WeChat whose outcome is not known.', [], [[{}, sum(unknown)]])
  gauge(
    to,
    'wxpay_refund_state_age_seconds',
    'How long the oldest open refund has been in this state.',
    ['state'],
    vitals.refunds.map(({ state, oldest }) => [{ state }, age(oldest)]),
  )
  const fen = vitals.refunds.reduce((total, { amount }) => total + amount, 0)
  gauge(to, 'wxpay_refund_open_amount_fen', 'Money held by refunds that are not done.', [], [[{}, fen]])
  gauge(
    to,
    'wxpay_jobs_ready',
    'Rows whose time has come.',
    ['queue'],
    vitals.due.map(({ queue, count }) => [{ queue }, count]),
  )
  gauge(
    to,
    'wxpay_job_lateness_seconds',
    'How long the longest due row has waited for its turn.',
    ['queue'],
    vitals.due.map(({ queue, oldest }) => [{ queue }, age(oldest)]),
  )
  gauge(to, 'wxpay_jobs_dead', 'Rows that were taken up nine times or more for nothing.', [], [[{}, vitals.stuck]])
  gauge(to, 'wxpay_webhook_lag_seconds', 'Age of the oldest event that an endpoint has not got.', [], [[{}, age(vitals.undelivered_since)]])
  gauge(to, 'wxpay_webhook_exhausted', 'Deliveries that were given up.', [], [[{}, vitals.exhausted]])
  gauge(
    to,
    'wxpay_incidents_open',
    'What a person must look at.',
    ['kind'],
    vitals.incidents.map(({ kind, count }) => [{ kind }, count]),
  )
}

function ownThings(to: Registry, world: World): void {
  gauge(
    to,
    'wxpay_cert_expiry_timestamp',
    'When a certificate ends, in Unix seconds: ours, and those of WeChat.',
    ['serial', 'owner'],
    certificatesOf(world).map(({ serial, owner, not_after }) => [{ serial, owner }, not_after / 1000]),
  )
  gauge(
    to,
    'wxpay_merchant_trusted',
    'Whether WeChat’s answers and notifications can be verified and opened, and our requests are accepted.',
    ['merchant', 'what'],
    [...world.merchants.values()].flatMap(({ id, trust }) =>
      TRUST_FAULTS.map((what): Sample => [{ merchant: id, what }, trust.faults().includes(what) ? 0 : 1]),
    ),
  )
  const skew = world.skew.ms()
  gauge(to, 'wxpay_clock_skew_seconds', "Our clock less WeChat's.", [], skew === undefined ? [] : [[{}, skew / 1000]])
  gauge(
    to,
    'wxpay_clock_jump_seconds',
    'How far the clock of this machine has jumped away from the time that has passed; the server does not follow it until WeChat’s clock agrees.',
    [],
    [[{}, world.skew.jump_ms() / 1000]],
  )
  gauge(
    to,
    'wxpay_queue_age_seconds',
    'How long work waits in this process before it is begun.',
    [],
    [[{}, world.pressure.age_ms() / 1000]],
  )
  gauge(
    to,
    'wxpay_event_loop_lag_seconds',
    'The worst delay of the event loop in the last five seconds.',
    [],
    [[{}, world.lag.ms() / 1000]],
  )
}

type Sample = [labels: Readonly<Record<string, string>>, value: number]

function gauge(to: Registry, name: string, help: string, labelNames: string[], samples: readonly Sample[]): void {
  const made = new Gauge({ name, help, labelNames, registers: [to] })
  // prom-client starts a gauge without labels at 0, even if the value is not known.
  made.reset()
  if (samples.length === 0) made.remove({})
  for (const [labels, value] of samples) made.set(labels, value)
}

function sum(rows: readonly { count: number }[]): number {
  return rows.reduce((total, { count }) => total + count, 0)
}

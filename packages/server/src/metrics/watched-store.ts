// Counts committed changes. Each change passes through a few functions of the transaction, so no journey has to count.

import type { Clock } from '@cashdesk/sdk'
import { type Store, StoreError, type Tx } from '@cashdesk/store'
import type { Metrics } from './metrics.ts'

/** Wraps a store. A transaction is counted once it has committed; repeated or rolled back attempts are not counted. */
export function watchedStore(store: Store, metrics: Metrics, clock: Clock): Store {
  // A dialect reuses the same Tx for one transaction after another.
  const watchers = new WeakMap<Tx, Watcher>()
  const watcherOf = (tx: Tx): Watcher => {
    const known = watchers.get(tx)
    if (known) return known
    const fresh = watch(tx, metrics, clock)
    watchers.set(tx, fresh)
    return fresh
  }
  return {
    ...store,
    async transaction(work, lane) {
      let seen: Count[] = []
      const value = await store
        .transaction((tx) => {
          const watcher = watcherOf(tx)
          seen = watcher.begin()
          return work(watcher.tx)
        }, lane)
        .catch((error: unknown) => {
          // Conflicts and invalid input are not failures of the database.
          if (error instanceof StoreError && (error.code === 'STORE_UNAVAILABLE' || error.code === 'STORE_CONSTRAINT'))
            metrics.storeErrors.inc({ reason: error.reason })
          throw error
        })
      for (const count of seen) count()
      return value
    },
  }
}

type Count = () => void

interface Watcher {
  tx: Tx
  /** Starts a transaction; returns the list of what to count when it commits. */
  begin(): Count[]
}

function watch(tx: Tx, metrics: Metrics, clock: Clock): Watcher {
  let seen: Count[] = []
  const moved = (counter: Metrics['orders'], before: string, after: string): void => {
    if (before !== after) seen.push(() => counter.inc({ state: after }))
  }
  const orders: Tx['orders'] = {
    ...tx.orders,
    async insert(order, key, evidence, next) {
      const answer = await tx.orders.insert(order, key, evidence, next)
      if (answer === 'inserted') {
        moved(metrics.orders, 'none', order.state)
        if (next) moved(metrics.orders, order.state, next.state)
      }
      return answer
    },
    async record(before, step, evidence, now) {
      const after = await tx.orders.record(before, step, evidence, now)
      moved(metrics.orders, before.state, after.state)
      const { paid_at } = after
      if (after.state === 'paid' && before.state !== 'paid' && paid_at !== null) {
        const via = evidence.source === 'notification' ? 'notify' : evidence.source
        seen.push(() => metrics.detection.observe({ via }, Math.max(0, clock.now() - paid_at) / 1000))
      }
      return after
    },
  }
  const refunds: Tx['refunds'] = {
    ...tx.refunds,
    async insert(refund, mchid, evidence) {
      const answer = await tx.refunds.insert(refund, mchid, evidence)
      if (answer === 'inserted') moved(metrics.refunds, 'none', refund.state)
      return answer
    },
    async record(before, step, evidence, now) {
      const after = await tx.refunds.record(before, step, evidence, now)
      moved(metrics.refunds, before.state, after.state)
      return after
    },
  }
  const webhooks: Tx['webhooks'] = {
    ...tx.webhooks,
    async settle(delivery) {
      const counts = await tx.webhooks.settle(delivery)
      const { state } = delivery.outcome
      if (counts) seen.push(() => metrics.deliveries.inc({ result: state === 'pending' ? 'failed' : state }))
      return counts
    },
  }
  return {
    tx: { ...tx, orders, refunds, webhooks },
    begin() {
      seen = []
      return seen
    },
  }
}

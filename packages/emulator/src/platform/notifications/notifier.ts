// Sends notifications when they are due, and again on WeChat's schedule until the merchant takes them (v3-notifications §3).

import { beijingTime } from '@cashdesk/protocol'
import type { FaultName } from '../../faults/catalogue.ts'
import type { ArmedFault } from '../../faults/fault.ts'
import type { Faults } from '../../faults/faults.ts'
import { uuid } from '../../ports/random.ts'
import type { Journal } from '../kept/journal.ts'
import type { Part } from '../kept/part.ts'
import { channelOf } from './channels.ts'
import { type DeliveryWorld, deliver } from './deliver.ts'
import { afterAttempt, type Delivery, type Notification, succeeded } from './notification.ts'

/** The content and receiver of a new notification. */
export type News = Pick<
  Notification,
  | 'mchid'
  | 'notify_url'
  | 'event_type'
  | 'original_type'
  | 'summary'
  | 'resource'
  | 'v2'
  | 'push'
  | 'out_trade_no'
  | 'out_refund_no'
  | 'out_order_no'
  | 'out_bill_no'
>

export interface Notifier extends Part<readonly Notification[]> {
  /** Adds a notification that is due at once, and gives its id. The caller does not wait for the delivery. */
  announce(news: News): string
  /** Delivers all that is due, and waits until none is due or under way. */
  deliverDue(): Promise<void>
  /** Epoch ms of the next delivery, if one is waiting. */
  nextAt(): number | undefined
  /** Sends one again at once, independent of the schedule. */
  replay(id: string): Promise<Delivery | undefined>
  /** All notifications, newest last. Old ones that are finished are dropped. */
  list(): readonly Notification[]
  /** Sets the timer for the next delivery. Must be called when the clock was moved. */
  rearm(): void
}

const KEPT_MAX = 1000

const DELIVERY_FAULTS: readonly FaultName[] = [
  'notification.delayed',
  'notification.disordered',
  'notification.forged',
  'notification.lost',
  'notification.doubled',
  'notification.bad_signature',
  'notification.probe',
  'notification.stale',
  'notification.future',
  'notification.wrong_serial',
  'notification.unsigned',
  'notification.altered',
]

const POSTPONING: readonly FaultName[] = ['notification.delayed', 'notification.disordered']
const POSTPONED_SECONDS = 60

interface Progress {
  attempts: number
  underWay?: Promise<void>
  /** Held back until another notification has been sent, so that the two arrive in the wrong order. */
  overtakable?: boolean
}

export function createNotifier(world: DeliveryWorld & { faults: Faults; journal: Journal }): Notifier {
  const { journal } = world
  const all = new Map<string, Notification>()
  const waiting = new Map<Notification, Progress>()
  let cancelTimer: (() => void) | undefined

  const nextAt = (): number | undefined => {
    let next: number | undefined
    for (const [{ next_at }, { underWay }] of waiting) {
      if (!underWay && next_at !== undefined && (next === undefined || next_at < next)) next = next_at
    }
    return next
  }

  const rearm = (): void => {
    cancelTimer?.()
    cancelTimer = undefined
    const next = nextAt()
    if (next !== undefined) cancelTimer = world.clock.timer(Math.max(0, next - world.clock.now()), deliverDue)
  }

  const forgetOld = (): void => {
    for (const notification of all.values()) {
      if (all.size <= KEPT_MAX) return
      if (notification.state === 'waiting') continue
      all.delete(notification.id)
      journal.remove('notifications', notification)
    }
  }

  const strike = (notification: Notification): ArmedFault | undefined => {
    const { impossible } = channelOf(notification)
    const possible = DELIVERY_FAULTS.filter((name) => !impossible.includes(name))
    return world.faults.strike(possible, new URL(notification.notify_url).pathname)
  }

  const send = (notification: Notification, fault: ArmedFault | undefined): Promise<Delivery[]> => {
    const copies = fault?.fault === 'notification.doubled' ? 2 : 1
    return Promise.all(Array.from({ length: copies }, () => deliver(world, notification, fault)))
  }

  const attempt = async (notification: Notification, progress: Progress): Promise<void> => {
    const fault = strike(notification)
    if (fault && POSTPONING.includes(fault.fault)) {
      const now = world.clock.now()
      notification.next_at = now + (fault.seconds ?? POSTPONED_SECONDS) * 1000
      notification.deliveries.push({ time: beijingTime(now), error: 'postponed', fault: fault.fault })
      progress.overtakable = fault.fault === 'notification.disordered'
      journal.put('notifications', notification)
      return
    }
    progress.attempts += 1
    const deliveries = await send(notification, fault)
    letOvertakenGo(notification)
    // During the delivery, a replay may have delivered it too, or a reset removed it.
    const forgotten = !all.has(notification.id)
    if (!waiting.has(notification)) notification.deliveries.push(...deliveries)
    else afterAttempt(notification, deliveries, world.clock.now(), channelOf(notification).retries_ms[progress.attempts - 1])
    if (forgotten) return
    journal.put('notifications', notification)
    if (notification.state !== 'waiting') waiting.delete(notification)
    forgetOld()
  }

  /** Makes the notifications due that were held back until another one, `gone`, was sent. */
  const letOvertakenGo = (gone: Notification): void => {
    for (const [notification, progress] of waiting) {
      if (notification === gone || !progress.overtakable) continue
      progress.overtakable = false
      notification.next_at = world.clock.now()
      journal.put('notifications', notification)
    }
  }

  async function deliverDue(): Promise<void> {
    cancelTimer?.()
    for (;;) {
      for (const [notification, progress] of waiting) {
        if (progress.underWay || notification.next_at === undefined || notification.next_at > world.clock.now()) continue
        progress.underWay = attempt(notification, progress).finally(() => {
          delete progress.underWay
        })
      }
      const underWay = [...waiting.values()].flatMap((progress) => progress.underWay ?? [])
      if (underWay.length === 0) break
      await Promise.all(underWay)
    }
    rearm()
  }

  return {
    announce(news) {
      const now = world.clock.now()
      const notification: Notification = {
        id: uuid(world.random),
        create_time: beijingTime(now),
        ...news,
        state: 'waiting',
        next_at: now,
        deliveries: [],
      }
      all.set(notification.id, notification)
      waiting.set(notification, { attempts: 0 })
      journal.put('notifications', notification)
      rearm()
      return notification.id
    },
    deliverDue,
    nextAt,
    async replay(id) {
      const notification = all.get(id)
      if (!notification) return undefined
      const deliveries = await send(notification, strike(notification))
      notification.deliveries.push(...deliveries)
      if (all.has(id)) journal.put('notifications', notification)
      if (deliveries.some(succeeded)) {
        notification.state = 'delivered'
        delete notification.next_at
        waiting.delete(notification)
        rearm()
      }
      return deliveries.at(-1)
    },
    list: () => [...all.values()],
    save: () => [...all.values()],
    rearm,
    restore(saved) {
      for (const notification of saved) {
        all.set(notification.id, notification)
        if (notification.state === 'waiting') waiting.set(notification, { attempts: attemptsOf(notification) })
      }
      rearm()
    },
    reset() {
      all.clear()
      waiting.clear()
      rearm()
    },
  }
}

/** The number of attempts. Two deliveries at the same moment are one attempt, which a fault doubled; a postponed one is no attempt. */
function attemptsOf({ deliveries }: Notification): number {
  return new Set(deliveries.filter(({ error }) => error !== 'postponed').map(({ time }) => time)).size
}

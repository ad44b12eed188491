// What every scenario works with: an emulator that listens, a second one that signs with the platform certificate, and the notifications that both send.

import type { Emulator, FaultInput } from '@cashdesk/emulator'
import type { Driver } from './driver.ts'
import { type Order, orderAndPay } from './merchant.ts'

/** A notification as it came over the wire. */
export interface Caught {
  headers: Record<string, string>
  body: string
}

export interface Stage {
  emulator: Emulator
  driver: Driver
  /** An order number that no scenario has used yet. */
  number(): string
  /** An order in the shape that the `order` function takes. */
  anOrder(more?: object): Order
  /** A notification of a payment of `total` fen, signed with this key, and with this fault if one is given. */
  notification(key: SigningMode, fault?: FaultInput['fault'], more?: object): Promise<Caught & { order: Order }>
}

export type SigningMode = 'public_key' | 'platform_certificate'

export const NOTIFY_URL = 'http://127.0.0.1:9/notify'

/** An emulator and the notifications that it sent. They are collected here and go nowhere else. */
export interface Watched {
  emulator: Emulator
  caught: Caught[]
}

export function createStage(by: Readonly<Record<SigningMode, Watched>>, driver: Driver): Stage {
  const { emulator } = by.public_key
  let count = 0
  const number = (): string => `CONFORM${String(++count).padStart(6, '0')}`
  const anOrder = (more: object = {}): Order => ({
    out_trade_no: number(),
    description: '拿铁',
    total: 1,
    openid: emulator.settings.users[0]?.openid ?? '',
    notify_url: NOTIFY_URL,
    ...more,
  })
  return {
    emulator,
    driver,
    number,
    anOrder,
    async notification(key, fault, more) {
      const { emulator: sender, caught } = by[key]
      const order = anOrder(more)
      await orderAndPay(sender, order)
      if (fault) sender.faults.add({ fault, match: { path: '/notify' } })
      await sender.deliverDue()
      const notification = caught.pop()
      if (!notification) throw new TypeError('no notification was sent')
      return { ...notification, order }
    },
  }
}

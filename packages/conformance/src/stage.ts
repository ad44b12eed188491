// What a scenario plays on: a WeChat that listens, a second one that signs by platform certificate, and notifications caught on their way out.

import type { Emulator, FaultInput } from '@cashdesk/emulator'
import type { Driver } from './driver.ts'
import { type Order, orderAndPay } from './merchant.ts'

/** As it came over the wire. */
export interface Caught {
  headers: Record<string, string>
  body: string
}

export interface Stage {
  emulator: Emulator
  driver: Driver
  /** A number that no scenario has used. */
  number(): string
  /** An order as `order` takes it. */
  anOrder(more?: object): Order
  /** A notification of a payment of `total` fen, signed by this key, with a fault if one is named. */
  notification(key: SigningMode, fault?: FaultInput['fault'], more?: object): Promise<Caught & { order: Order }>
}

export type SigningMode = 'public_key' | 'platform_certificate'

export const NOTIFY_URL = 'http://127.0.0.1:9/notify'

/** Each WeChat with the notifications that it sent, which go nowhere else. */
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

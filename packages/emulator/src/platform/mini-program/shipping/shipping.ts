// Order shipping management (小程序发货信息管理): what was shipped, confirmed and settled, and the pushes about it (miniprogram-server-api §8).

import { LOGISTICS_TYPE, SHIPPING_STATE } from '@cashdesk/protocol'
import type { Shipment as Told } from '@cashdesk/protocol/spec'
import type { Clock } from '../../../ports/clock.ts'
import type { Agenda } from '../../agenda.ts'
import type { Behaviour } from '../../behaviour.ts'
import type { Journal } from '../../kept/journal.ts'
import type { Part } from '../../kept/part.ts'
import type { Trade, Trades } from '../../orders/trades.ts'
import type { People } from '../../people.ts'
import { Errcode } from '../errcode.ts'
import type { Pushes } from '../pushes.ts'
import { nextShipment } from './next-shipment.ts'
import { type Shipment, seconds, settlesAt, shippingStateOf } from './shipment.ts'

export interface Shipping extends Part<readonly Shipment[]> {
  /** Records all of one upload or none. `told` names orders of `appid` that `openid` has paid. @throws Errcode */
  ship(appid: string, openid: string, told: readonly Told[], upload_time: number): void
  /** Finds a paid order of this mini program. @throws Errcode 10060001 */
  trade(appid: string, key: OrderKey): Trade
  /** All paid orders of this mini program, oldest first. */
  trades(appid: string): Trade[]
  find(transaction_id: string): Shipment | undefined
  /** Reminds the user to confirm. @throws Errcode 10060028, 10060029, 10060030, 10060032 */
  remind(trade: Trade, received_time: number): void
  /** Confirms receipt, by the user or automatically. Returns whether there was something to confirm. */
  confirm(transaction_id: string, method: 1 | 2, at: number): boolean
  /** By appid: the path of the page that shipping messages open. */
  jumpPaths: Map<string, string>
  all(): readonly Shipment[]
}

export interface OrderKey {
  transaction_id?: string | undefined
  mchid?: string | undefined
  out_trade_no?: string | undefined
}

export interface ShippingWorld {
  clock: Clock
  behaviour: Behaviour
  agenda: Agenda
  trades: Trades
  people: People
  pushes: Pushes
  journal: Journal
}

const TASK = 'shipping'

export function createShipping({ clock, behaviour, agenda, trades, people, pushes, journal }: ShippingWorld): Shipping {
  const shipments = new Map<string, Shipment>()
  const jumpPaths = new Map<string, string>()

  const visible = (appid: string, trade: Trade): boolean =>
    (trade.appid === appid || trade.sub_appid === appid) && clock.now() - trade.paid_at >= behaviour.shipping_visible_delay_ms

  const find = (appid: string, { transaction_id, mchid, out_trade_no }: OrderKey): Trade => {
    const trade =
      transaction_id === undefined
        ? trades.all().find((one) => one.out_trade_no === out_trade_no && (one.mchid === mchid || one.sub_mchid === mchid))
        : trades.findByTransactionId(transaction_id)
    if (!trade || !visible(appid, trade)) throw new Errcode(10060001)
    return trade
  }

  const next = (appid: string, openid: string, told: Told, upload_time: number): Shipment => {
    const trade = find(appid, told.order_key)
    if (people.find(trade.openid)?.person.openids[appid] !== openid) throw new Errcode(10060031)
    if (trade.refunded >= trade.total) throw new Errcode(10060004)
    const { transaction_id } = trade
    return nextShipment(shipments.get(transaction_id), { appid, transaction_id, told, upload_time, now: clock.now() })
  }

  const confirm = (transaction_id: string, method: 1 | 2, at: number): boolean => {
    const shipment = shipments.get(transaction_id)
    const trade = trades.findByTransactionId(transaction_id)
    if (!trade || shipment?.shipped_at === undefined || shipment.confirmed || shippingStateOf(trade, shipment) === SHIPPING_STATE.REFUNDED)
      return false
    shipment.confirmed = { at, method }
    journal.put('shipments', shipment)
    const settlement = { confirm_receive_method: method, confirm_receive_time: seconds(at), settlement_time: seconds(at) }
    pushes.announce(shipment.appid, settlementEvent(trade, shipment, settlement))
    return true
  }

  // A later upload moves the settlement. A task planned before it finds another time and does nothing.
  agenda.on(TASK, (transaction_id, at) => {
    const shipment = shipments.get(transaction_id)
    if (shipment && settlesAt(shipment) === at) confirm(transaction_id, 2, at)
  })

  return {
    ship(appid, openid, told, upload_time) {
      const made = told.map((one) => next(appid, openid, one, upload_time))
      for (const shipment of made) {
        shipments.set(shipment.transaction_id, shipment)
        journal.put('shipments', shipment)
        const trade = trades.findByTransactionId(shipment.transaction_id)
        if (!trade || shipment.shipped_at === undefined) continue
        agenda.plan(settlesAt(shipment), TASK, shipment.transaction_id)
        pushes.announce(appid, settlementEvent(trade, shipment, { estimated_settlement_time: seconds(settlesAt(shipment)) }))
      }
    },
    trade: find,
    trades: (appid) => trades.all().filter((trade) => visible(appid, trade)),
    find: (transaction_id) => shipments.get(transaction_id),
    remind({ transaction_id }, received_time) {
      const shipment = shipments.get(transaction_id)
      if (shipment?.shipped_at === undefined || shipment.confirmed) throw new Errcode(10060028)
      if (shipment.logistics_type !== LOGISTICS_TYPE.EXPRESS) throw new Errcode(10060032)
      if (received_time < seconds(shipment.shipped_at)) throw new Errcode(10060029)
      if (shipment.reminded) throw new Errcode(10060030)
      shipment.reminded = true
      journal.put('shipments', shipment)
    },
    confirm,
    jumpPaths,
    all: () => [...shipments.values()],
    save: () => [...shipments.values()],
    restore(saved) {
      for (const shipment of saved) shipments.set(shipment.transaction_id, shipment)
    },
    reset: () => shipments.clear(),
  }
}

/** The event that is pushed when shipping is complete, and again at settlement (miniprogram-server-api §8.7). */
function settlementEvent(trade: Trade, { shipped_at = 0 }: Shipment, more: Record<string, number>): Record<string, string | number> {
  return {
    Event: 'trade_manage_order_settlement',
    transaction_id: trade.transaction_id,
    merchant_id: trade.mchid,
    ...(trade.sub_mchid !== undefined && { sub_merchant_id: trade.sub_mchid }),
    merchant_trade_no: trade.out_trade_no,
    pay_time: seconds(trade.paid_at),
    shipped_time: seconds(shipped_at),
    ...more,
  }
}

// All that happened, as data: what `--state` keeps. Keys, codes of wx.login, bill addresses and faults are not part of it.

import type { Task } from '../agenda.ts'
import type { Behaviour } from '../behaviour.ts'
import type { Combine } from '../combine.ts'
import type { LedgerEntry } from '../ledger.ts'
import type { MiniProgramState } from '../mini-program/mini-programs.ts'
import type { Notification } from '../notification.ts'
import type { Order } from '../order.ts'
import type { Platform } from '../platform.ts'
import type { RefundRecord } from '../refund.ts'
import type { ReturnRecord, ShareRecord } from '../sharing/share.ts'
import type { Trade } from '../trades.ts'
import type { TransferRecord } from '../transfers/transfer.ts'

export interface PlatformState {
  version: 1
  offset_ms: number
  behaviour: Behaviour
  people: readonly string[]
  orders: readonly Order[]
  burnt: readonly string[]
  combines: readonly Combine[]
  trades: readonly Trade[]
  refunds: readonly RefundRecord[]
  /** Absent in states of versions that had no v2. */
  refund_notify_urls?: Readonly<Record<string, string>>
  receivers: readonly string[]
  notify_urls: Readonly<Record<string, string>>
  shares: readonly ShareRecord[]
  returns: readonly ReturnRecord[]
  transfers: readonly TransferRecord[]
  ledger: readonly LedgerEntry[]
  tasks: readonly Task[]
  /** Absent in states of versions that had no api.weixin.qq.com but login. */
  mini_programs?: MiniProgramState
  notifications: readonly Notification[]
  /** Change given by hand, by name. Absent in states of versions that did not keep it. */
  wallets?: Readonly<Record<string, number>>
}

export function saveState(platform: Platform): PlatformState {
  return {
    version: 1,
    offset_ms: platform.clock.offset_ms(),
    behaviour: platform.behaviour,
    people: platform.people.all().map(({ name }) => name),
    orders: platform.orders.all(),
    burnt: platform.orders.burnt(),
    combines: platform.combines.all(),
    trades: platform.trades.all(),
    refunds: platform.refunds.all(),
    refund_notify_urls: Object.fromEntries(platform.refunds.notifyUrls),
    receivers: platform.sharing.receivers.all(),
    notify_urls: Object.fromEntries(platform.sharing.notifyUrls),
    shares: platform.sharing.all(),
    returns: platform.shareReturns.all(),
    transfers: platform.transfers.all(),
    ledger: platform.ledger.entries(),
    tasks: platform.agenda.tasks(),
    mini_programs: platform.miniPrograms.save(),
    notifications: platform.notifier.list(),
    wallets: platform.wallets.save(),
  }
}

/** Into a platform to which nothing has happened yet. What fell due meanwhile is done as soon as the timers run. */
export function restoreState(platform: Platform, state: PlatformState): void {
  platform.clock.shift(state.offset_ms)
  Object.assign(platform.behaviour, state.behaviour)
  for (const name of state.people) platform.people.add(name)
  platform.orders.restore(state.orders, state.burnt)
  platform.combines.restore(state.combines)
  platform.trades.restore(state.trades)
  platform.refunds.restore(state.refunds)
  for (const [mchid, notify_url] of Object.entries(state.refund_notify_urls ?? {})) platform.refunds.notifyUrls.set(mchid, notify_url)
  platform.sharing.receivers.restore(state.receivers)
  for (const [mchid, notify_url] of Object.entries(state.notify_urls)) platform.sharing.notifyUrls.set(mchid, notify_url)
  platform.sharing.restore(state.shares)
  platform.shareReturns.restore(state.returns)
  platform.transfers.restore(state.transfers)
  platform.ledger.restore(state.ledger)
  if (state.mini_programs) platform.miniPrograms.restore(state.mini_programs)
  if (state.wallets) platform.wallets.restore(state.wallets)
  platform.notifier.restore(state.notifications)
  platform.agenda.restore(state.tasks)
}

// All that happened, as data: the content of the `--state` file. Keys, codes of wx.login, bill addresses and faults are not part of it.

import type { Task } from '../agenda.ts'
import type { Behaviour } from '../behaviour.ts'
import type { LedgerEntry } from '../ledger.ts'
import type { PushSettings } from '../mini-program/push.ts'
import type { Session } from '../mini-program/sessions.ts'
import type { Shipment } from '../mini-program/shipping/shipment.ts'
import type { SentMessage } from '../mini-program/subscriptions.ts'
import type { Notification } from '../notifications/notification.ts'
import type { Combine } from '../orders/combine.ts'
import type { Order } from '../orders/order.ts'
import type { Trade } from '../orders/trades.ts'
import type { RefundRecord } from '../refunds/refund.ts'
import type { ReturnRecord, ShareRecord } from '../sharing/share.ts'
import type { TransferRecord } from '../transfers/transfer.ts'
import type { Kind } from './journal.ts'

export const STATE_VERSION = 2

/** Each name is one part of the platform. It is either a list of records, whose changes are written one by one, or a setting, which is written as a whole. */
export interface PlatformState {
  version: typeof STATE_VERSION
  offset_ms: number
  behaviour: Behaviour
  people: readonly string[]
  orders: readonly Order[]
  burnt: readonly string[]
  combines: readonly Combine[]
  trades: readonly Trade[]
  refunds: readonly RefundRecord[]
  refund_notify_urls: Readonly<Record<string, string>>
  receivers: readonly string[]
  notify_urls: Readonly<Record<string, string>>
  shares: readonly ShareRecord[]
  returns: readonly ReturnRecord[]
  transfers: readonly TransferRecord[]
  ledger: readonly LedgerEntry[]
  sessions: readonly Session[]
  subscriptions: readonly (readonly [name: string, left: number])[]
  /** Holds one list once a message was sent; empty before. */
  sent: readonly (readonly SentMessage[])[]
  shipments: readonly Shipment[]
  jump_paths: Readonly<Record<string, string>>
  push_settings: Readonly<Record<string, PushSettings>>
  /** For each person whose change (零钱) was set by hand, by name: the fen before payments and refunds are counted. */
  wallets: Readonly<Record<string, number>>
  notifications: readonly Notification[]
  tasks: readonly Task[]
}

/** Everything that is kept, without the version of the format. */
export type Kept = Omit<PlatformState, 'version'>
export type Setting = Exclude<keyof Kept, Kind>

/** The names of the settings: small values that change rarely and in many places. */
const SETTING_NAMES: Readonly<Record<Setting, true>> = {
  offset_ms: true,
  behaviour: true,
  refund_notify_urls: true,
  notify_urls: true,
  jump_paths: true,
  push_settings: true,
  wallets: true,
}

// The type of SETTING_NAMES proves that these are all of them.
export const SETTINGS: readonly Setting[] = Object.keys(SETTING_NAMES) as Setting[]

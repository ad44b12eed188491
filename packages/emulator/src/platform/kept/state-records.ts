// A state as named records, so that changes can be read back into it one by one.

import type { Platform } from '../platform.ts'
import { type Change, type Kind, NAME_OF, SETTING } from './journal.ts'
import type { PlatformState } from './state.ts'

/** What is compared as a whole instead of being noted: see `Keeper.settings`. */
export function settingsOf(platform: Platform): Record<Setting, unknown> {
  return {
    offset_ms: platform.clock.offset_ms(),
    behaviour: platform.behaviour,
    refund_notify_urls: Object.fromEntries(platform.refunds.notifyUrls),
    notify_urls: Object.fromEntries(platform.sharing.notifyUrls),
    jump_paths: Object.fromEntries(platform.miniPrograms.shipping.jumpPaths),
    push_settings: Object.fromEntries(platform.miniPrograms.pushes.settings),
    wallets: platform.wallets.save(),
  }
}

type Setting = 'offset_ms' | 'behaviour' | 'refund_notify_urls' | 'notify_urls' | 'jump_paths' | 'push_settings' | 'wallets'

export interface StateRecords {
  /** @throws TypeError on a kind of record that this version does not know */
  apply(changes: readonly Change[]): void
  state(): PlatformState
}

export function recordsOf(state: PlatformState): StateRecords {
  const { mini_programs } = state
  const lists: Record<Kind, readonly unknown[]> = {
    people: state.people,
    orders: state.orders,
    burnt: state.burnt,
    combines: state.combines,
    trades: state.trades,
    refunds: state.refunds,
    receivers: state.receivers,
    shares: state.shares,
    returns: state.returns,
    transfers: state.transfers,
    ledger: state.ledger,
    tasks: state.tasks,
    notifications: state.notifications,
    sessions: mini_programs?.sessions ?? [],
    subscriptions: Object.entries(mini_programs?.subscriptions.left ?? {}),
    sent: [mini_programs?.subscriptions.sent ?? []],
    shipments: mini_programs?.shipments ?? [],
  }
  // The lists have the same kinds as the tables, and each name function takes the records of its own kind.
  const tables = Object.fromEntries(
    Object.entries(lists).map(([kind, list]) => [
      kind,
      new Map(list.map((record) => [(NAME_OF[kind as Kind] as (record: unknown) => string)(record), record])),
    ]),
  ) as Record<Kind, Map<string, unknown>>
  const settings: Record<Setting, unknown> = {
    offset_ms: state.offset_ms,
    behaviour: state.behaviour,
    refund_notify_urls: state.refund_notify_urls ?? {},
    notify_urls: state.notify_urls,
    jump_paths: mini_programs?.jump_paths ?? {},
    push_settings: mini_programs?.push_settings ?? {},
    wallets: state.wallets ?? {},
  }

  return {
    apply(changes) {
      for (const [kind, name, value] of changes) {
        if (kind === SETTING && Object.hasOwn(settings, name)) settings[name as Setting] = value
        else if (!Object.hasOwn(tables, kind)) throw new TypeError(`no such kind of record: ${kind === SETTING ? name : kind}`)
        else if (value === undefined) tables[kind as Kind].delete(name)
        else tables[kind as Kind].set(name, value)
      }
    },
    state: () => stateOf(tables, settings),
  }
}

/** What was put into the tables has the shape of its kind: only this emulator writes changes, and its version says which one did. */
function stateOf(tables: Record<Kind, ReadonlyMap<string, unknown>>, settings: Record<Setting, unknown>): PlatformState {
  const all = (kind: Kind): unknown[] => [...tables[kind].values()]
  const { jump_paths, push_settings, ...others } = settings
  const mini_programs = {
    sessions: all('sessions'),
    subscriptions: { left: Object.fromEntries(all('subscriptions') as [string, number][]), sent: all('sent')[0] },
    shipments: all('shipments'),
    jump_paths,
    push_settings,
  }
  const tasks = (all('tasks') as PlatformState['tasks'][number][]).sort((a, b) => a.at - b.at)
  const lists = {
    people: all('people'),
    orders: all('orders'),
    burnt: all('burnt'),
    combines: all('combines'),
    trades: all('trades'),
    refunds: all('refunds'),
    receivers: all('receivers'),
    shares: all('shares'),
    returns: all('returns'),
    transfers: all('transfers'),
    ledger: all('ledger'),
    notifications: all('notifications'),
  }
  return { version: 1, ...others, ...lists, tasks, mini_programs } as PlatformState
}

// Everything of WeChat behind its HTTP interface: merchants, users, orders, money and notifications, under one clock.

import type { Faults } from '../faults/faults.ts'
import type { Clock } from '../ports/clock.ts'
import type { Random } from '../ports/random.ts'
import { type Agenda, createAgenda } from './agenda.ts'
import { BEHAVIOUR, type Behaviour } from './behaviour.ts'
import { type BillFiles, createBillFiles } from './bills/files.ts'
import { type Cashier, createCashier } from './cashier/cashier.ts'
import { createWallets, type Wallets } from './cashier/wallets.ts'
import type { Journal } from './kept/journal.ts'
import { lastingPart, mapPart, type Passing } from './kept/part.ts'
import { keepParts, type Registry } from './kept/registry.ts'
import { createLedger, type Ledger, type Movement } from './ledger.ts'
import { createLimiter, type Limiter } from './limiter.ts'
import { accountsOf, appsOf, type ExtraMerchant } from './merchants/accounts.ts'
import type { KeyKind } from './merchants/key-kind.ts'
import type { EmulatorKeys } from './merchants/keys.ts'
import { createMerchants, type Merchants } from './merchants/merchants.ts'
import { type EmulatorSettings, settingsOf } from './merchants/settings.ts'
import { createMiniPrograms, type MiniPrograms } from './mini-program/mini-programs.ts'
import type { PushSettings } from './mini-program/push.ts'
import { createNotifier, type Notifier } from './notifications/notifier.ts'
import type { Fetch } from './notifications/post.ts'
import { type Combines, createCombines } from './orders/combines.ts'
import { createOrders, type Orders } from './orders/orders.ts'
import { createTrades, type Trades } from './orders/trades.ts'
import { createPeople, type People } from './people.ts'
import { createRefunds, type Refunds } from './refunds/refunds.ts'
import { createShareReturns, type ShareReturns } from './sharing/returns.ts'
import { createSharing, type Sharing } from './sharing/sharing.ts'
import { type EmulatorClock, emulatorClock } from './time.ts'
import { createTransfers, type Transfers } from './transfers/transfers.ts'

export interface PlatformInput {
  clock: Clock
  random: Random
  fetch: Fetch
  keys: EmulatorKeys
  /** Merchants beside the two that are always there. */
  merchants: readonly ExtraMerchant[]
  /** What every merchant has that names nothing else. */
  keyKind: KeyKind
  faults: Faults
  base_url: string
  behaviour: Partial<Behaviour>
  /** Collects every change to a record of the kept state. */
  journal: Journal
  /** State that is not kept, but that a reset clears too. */
  passing: readonly Passing[]
}

export interface Platform {
  /** Sends notifications to merchants. */
  fetch: Fetch
  clock: EmulatorClock
  random: Random
  /** Can be changed at any time. */
  behaviour: Behaviour
  agenda: Agenda
  limiter: Limiter
  settings: EmulatorSettings
  /** AppSecret by appid. */
  secrets: ReadonlyMap<string, string>
  merchants: Merchants
  people: People
  miniPrograms: MiniPrograms
  orders: Orders
  combines: Combines
  trades: Trades
  refunds: Refunds
  sharing: Sharing
  shareReturns: ShareReturns
  transfers: Transfers
  billFiles: BillFiles
  ledger: Ledger
  wallets: Wallets
  cashier: Cashier
  notifier: Notifier
  /** Puts money into an account, or takes it out, until its available balance is `available` fen. */
  deposit(owner: string, account: Movement['account'], available: number): void
  /** Does everything that is due by now, and delivers every notification that is due. */
  runDue(): Promise<void>
  /** The kept state. A reset forgets all that happened; keys, merchant numbers, the first two users, the clock and the behaviour stay. */
  kept: Registry
}

export function createPlatform(input: PlatformInput): Platform {
  const { random, faults, keys, journal } = input
  const accounts = accountsOf(keys, input.merchants, input.keyKind)
  const apps = appsOf(accounts)
  const merchants = createMerchants(accounts, keys.platform)
  const people = createPeople(
    apps.map(({ appid }) => appid),
    journal,
  )
  const clock: EmulatorClock = emulatorClock(input.clock, () => ({
    nextAt: () => earliest(agenda.nextAt(), notifier.nextAt()),
    deliverDue: runDue,
    rearm() {
      agenda.rearm()
      notifier.rearm()
    },
  }))
  const agenda = createAgenda(clock, journal)
  const behaviour: Behaviour = { ...BEHAVIOUR, ...input.behaviour }
  const limiter = createLimiter(clock, behaviour)
  const pushSettings = new Map<string, PushSettings>()
  const { fetch } = input
  const notifier = createNotifier({ clock, random, fetch, merchants, pushSettings, faults, behaviour, journal })
  const orders = createOrders(clock, random, journal)
  const combines = createCombines(clock, random, journal)
  const ledger = createLedger(journal)
  const trades = createTrades(journal)
  const refunds = createRefunds({ clock, random, behaviour, agenda, ledger, trades, orders, notifier, journal })
  const known = (mchid: string): boolean => merchants.all().some((merchant) => merchant.mchid === mchid || merchant.subMerchants.has(mchid))
  const sharingWorld = { clock, random, behaviour, agenda, ledger, trades, notifier, known, journal }
  const sharing = createSharing(sharingWorld)
  const shareReturns = createShareReturns(sharingWorld, sharing.notifyUrls)
  const transfers = createTransfers({ clock, random, behaviour, agenda, ledger, people, notifier, journal })
  const billFiles = createBillFiles(clock, random)
  const miniPrograms = createMiniPrograms({ clock, random, behaviour, agenda, people, trades, notifier, pushSettings, journal })
  const wallets = createWallets({ people, trades, refunds })
  const kept = keepParts(
    {
      // The clock is restored first and the parts with timers last, because their timers count from the restored time.
      offset_ms: lastingPart(clock.offset_ms, clock.shift),
      behaviour: lastingPart(
        () => behaviour,
        (saved) => void Object.assign(behaviour, saved),
      ),
      people,
      orders,
      burnt: orders.burnt,
      combines,
      trades,
      refunds,
      refund_notify_urls: mapPart(refunds.notifyUrls),
      receivers: sharing.receivers,
      notify_urls: mapPart(sharing.notifyUrls),
      shares: sharing,
      returns: shareReturns,
      transfers,
      ledger,
      sessions: miniPrograms.sessions,
      subscriptions: miniPrograms.subscriptions,
      sent: miniPrograms.subscriptions.sent,
      shipments: miniPrograms.shipping,
      jump_paths: mapPart(miniPrograms.shipping.jumpPaths),
      push_settings: mapPart(pushSettings),
      wallets,
      notifications: notifier,
      tasks: agenda,
    },
    [billFiles, limiter, miniPrograms.logins, miniPrograms.tokens, miniPrograms.phones, ...input.passing],
  )
  const reset = (): void => {
    kept.reset()
    journal.renew()
  }
  async function runDue(): Promise<void> {
    agenda.runDue()
    await notifier.deliverDue()
  }

  return {
    fetch,
    clock,
    random,
    behaviour,
    agenda,
    limiter,
    settings: settingsOf(keys, input.base_url, people.all(), input.merchants, input.keyKind),
    secrets: new Map(apps.map(({ appid, app_secret }) => [appid, app_secret])),
    merchants,
    people,
    miniPrograms,
    orders,
    combines,
    trades,
    refunds,
    sharing,
    shareReturns,
    transfers,
    billFiles,
    ledger,
    wallets,
    cashier: createCashier({ clock, random, behaviour, agenda, merchants, people, orders, combines, trades, ledger, notifier, wallets }),
    notifier,
    deposit(owner, account, available) {
      const change = available - ledger.balance(owner, account).available
      const movements = [{ owner, account, available: change, frozen: 0 }]
      ledger.append({ kind: 'deposit', mchid: owner, amount: { total: change, currency: 'CNY' }, movements }, clock.now())
    },
    runDue,
    kept: { ...kept, reset },
  }
}

function earliest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || (b !== undefined && b < a) ? b : a
}

// A WeChat in one object: a `fetch` that answers as WeChat does, and handles on what is behind it.

import { createFaults, type Faults } from './faults/faults.ts'
import { createApp, type Handle } from './http/app.ts'
import { createSeen, type SeenRequest } from './http/seen.ts'
import type { Behaviour } from './platform/behaviour.ts'
import type { CashierInput } from './platform/cashier/cashier.ts'
import type { CashierResult } from './platform/cashier/cashier-refusals.ts'
import { createJournal, type Keeper } from './platform/kept/journal.ts'
import type { PlatformState } from './platform/kept/state.ts'
import type { LedgerEntry } from './platform/ledger.ts'
import type { ExtraMerchant } from './platform/merchants/accounts.ts'
import { type EmulatorKeys, generateKeys } from './platform/merchants/keys.ts'
import type { EmulatorSettings } from './platform/merchants/settings.ts'
import type { Delivery, Notification } from './platform/notifications/notification.ts'
import type { Fetch } from './platform/notifications/post.ts'
import type { Person } from './platform/people.ts'
import { createPlatform } from './platform/platform.ts'
import type { EmulatorClock } from './platform/time.ts'
import { type Clock, systemClock } from './ports/clock.ts'
import { type Random, systemRandom } from './ports/random.ts'

export interface EmulatorOptions {
  clock?: Clock
  random?: Random
  /** Carries notifications to merchants. */
  fetch?: Fetch
  /** From `generateKeys`; made anew when absent. */
  keys?: EmulatorKeys
  /** More merchants than the two that are always there; see `readMerchants`. */
  merchants?: readonly ExtraMerchant[]
  /** What settings call this WeChat. `http://127.0.0.1:8900` when absent. */
  baseUrl?: string
  /** Where the real one differs or nobody knows: delays, fee, ratios, limits. */
  behaviour?: Partial<Behaviour>
  /** What `state()` of an earlier one gave, as JSON keeps it. Give the same keys with it. */
  state?: PlatformState | undefined
}

export interface Emulator {
  /** WeChat's HTTP surface. Rejects with ConnectionLost when a fault loses the connection. */
  fetch: Fetch
  /** What emulator.json says, with each PEM as text. */
  settings: EmulatorSettings
  keys: EmulatorKeys
  clock: EmulatorClock
  faults: Faults
  /** May be changed at any time. */
  behaviour: Behaviour
  /** The append-only ledger: what the bank really did. */
  truth(): { ledger: readonly LedgerEntry[] }
  /** One more user; the same name is the same user. */
  addUser(name: string): Person
  /** What wx.login gives the phone: a code for this user. */
  login(input: { appid: string; openid: string }): { code: string }
  /** What wx.requestPayment does and reports. */
  cashier(input: CashierInput): CashierResult
  notifications(): readonly Notification[]
  replay(id: string): Promise<Delivery | undefined>
  /** Does what is due by now (refunds, shares, …), delivers every notification that is due, and waits for those under way. */
  deliverDue(): Promise<void>
  /** What was seen, newest first, with canonical strings and verdicts. */
  requests(): SeenRequest[]
  /** All that happened, to be given to another one. */
  state(): PlatformState
  reset(): void
}

/** Makes a WeChat. Nothing listens and nothing is written: see `startEmulator` for that. */
export async function createEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  return (await buildEmulator(options)).emulator
}

export interface BuiltEmulator {
  emulator: Emulator
  /** Takes the request line's exact target, for whoever has a socket. */
  handle: Handle
  /** From now on what happens is written down before an answer or a notification goes out: the whole state first, then what changes. */
  keep(keeper: Pick<Keeper, 'write' | 'renew'> | undefined): void
}

/** The same with what a process needs that listens and keeps a state. */
export async function buildEmulator(options: EmulatorOptions): Promise<BuiltEmulator> {
  const clock = options.clock ?? systemClock
  const random = options.random ?? systemRandom
  const keys = options.keys ?? (await generateKeys(clock.now(), random))
  const faults = createFaults()
  const journal = createJournal()
  const outward = options.fetch ?? ((request: Request) => fetch(request))
  const seen = createSeen()
  const platform = createPlatform({
    clock,
    random,
    keys,
    merchants: options.merchants ?? [],
    faults,
    journal,
    passing: [faults, seen],
    async fetch(request) {
      // Merchants are told nothing that a kill could undo.
      journal.flush()
      return outward(request)
    },
    base_url: options.baseUrl ?? 'http://127.0.0.1:8900',
    behaviour: options.behaviour ?? {},
  })
  if (options.state) platform.kept.restore(options.state)
  const app = createApp({ platform, faults, seen })
  const handle: Handle = async (request, wire) => {
    try {
      return await app(request, wire)
    } finally {
      journal.flush()
    }
  }
  const emulator: Emulator = {
    fetch: (request) => handle(request),
    settings: platform.settings,
    keys,
    clock: platform.clock,
    faults,
    behaviour: platform.behaviour,
    truth: () => ({ ledger: platform.ledger.entries() }),
    addUser: (name) => platform.people.add(name),
    login: ({ appid, openid }) => ({ code: platform.miniPrograms.logins.issue(appid, openid) }),
    cashier: (input) => platform.cashier.use(input),
    notifications: () => platform.notifier.list(),
    replay: (id) => platform.notifier.replay(id),
    deliverDue: () => platform.runDue(),
    requests: () => seen.list(),
    state: () => platform.kept.save(),
    reset: () => platform.kept.reset(),
  }
  const keep: BuiltEmulator['keep'] = (keeper) => journal.keep(keeper && { ...keeper, settings: platform.kept.settings })
  return { emulator, handle, keep }
}

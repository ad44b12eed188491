// A whole WeChat in one object: a `fetch` that answers as WeChat does, and methods to look at and change what is behind it.

import { createFaults, type Faults } from './faults/faults.ts'
import { createApp, type Handle } from './http/app.ts'
import { createSeen, type SeenRequest } from './http/seen.ts'
import { sendRequest } from './http/send-request.ts'
import type { Behaviour } from './platform/behaviour.ts'
import type { CashierInput } from './platform/cashier/cashier.ts'
import type { CashierResult } from './platform/cashier/cashier-refusals.ts'
import { createJournal, type Keeper } from './platform/kept/journal.ts'
import type { PlatformState } from './platform/kept/state.ts'
import type { LedgerEntry } from './platform/ledger.ts'
import type { ExtraMerchant } from './platform/merchants/accounts.ts'
import type { KeyKind } from './platform/merchants/key-kind.ts'
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
  /** Sends notifications to merchants; over sockets, as WeChat does, when absent. */
  fetch?: Fetch
  /** Keys from `generateKeys`; new ones are generated when absent. */
  keys?: EmulatorKeys
  /** Which of WeChat's kinds of key merchants have: `public_key` (when absent), `certificate`, or `both`. */
  keyKind?: KeyKind | undefined
  /** Merchants beside the two that are always there; see `readMerchants`. */
  merchants?: readonly ExtraMerchant[]
  /** The address of this emulator in `settings`. `http://127.0.0.1:8900` when absent. */
  baseUrl?: string
  /** Delays, fee, ratios and limits: where the real WeChat differs between merchants, or its behaviour is not known. */
  behaviour?: Partial<Behaviour>
  /** The result of `state()` of an earlier emulator, also after a round trip through JSON. It needs the same keys as that emulator. */
  state?: PlatformState | undefined
}

export interface Emulator {
  /** WeChat's HTTP surface. Rejects with ConnectionLost when a fault loses the connection. */
  fetch: Fetch
  /** The content of emulator.json, with each PEM as text. */
  settings: EmulatorSettings
  keys: EmulatorKeys
  clock: EmulatorClock
  faults: Faults
  /** Can be changed at any time. */
  behaviour: Behaviour
  /** The append-only ledger: every movement of money that really happened. */
  truth(): { ledger: readonly LedgerEntry[] }
  /** Adds a user. The same name always gives the same user. */
  addUser(name: string): Person
  /** Does what wx.login does on the phone: gives a code for this user. */
  login(input: { appid: string; openid: string }): { code: string }
  /** Does what wx.requestPayment does, and gives what it reports to the program. */
  cashier(input: CashierInput): CashierResult
  notifications(): readonly Notification[]
  replay(id: string): Promise<Delivery | undefined>
  /** Does everything that is due by now (refunds, shares, …), delivers all notifications that are due, and waits for those under way. */
  deliverDue(): Promise<void>
  /** The requests that were received, newest first, with canonical strings and verdicts. */
  requests(): SeenRequest[]
  /** All that happened, as data that another emulator can start from. */
  state(): PlatformState
  reset(): void
}

/** Creates an emulator. It opens no socket and writes no file; `startEmulator` does. */
export async function createEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  return (await buildEmulator(options)).emulator
}

export interface BuiltEmulator {
  emulator: Emulator
  /** Like `fetch`, but takes the exact target of the request line, which only a server with a socket has. */
  handle: Handle
  /** From now on every change is written down before an answer or a notification leaves: first the whole state, then each change. */
  keep(keeper: Pick<Keeper, 'write' | 'renew'> | undefined): void
}

/** As `createEmulator`, with what a process needs that listens on a socket and keeps a state file. */
export async function buildEmulator(options: EmulatorOptions): Promise<BuiltEmulator> {
  const clock = options.clock ?? systemClock
  const random = options.random ?? systemRandom
  const keys = options.keys ?? (await generateKeys(clock.now(), random))
  const faults = createFaults()
  const journal = createJournal()
  const outward = options.fetch ?? sendRequest
  const seen = createSeen()
  const platform = createPlatform({
    clock,
    random,
    keys,
    merchants: options.merchants ?? [],
    keyKind: options.keyKind ?? 'public_key',
    faults,
    journal,
    passing: [faults, seen],
    async fetch(request) {
      // Changes are written down before a merchant hears of them: otherwise a killed process could forget what it has already announced.
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

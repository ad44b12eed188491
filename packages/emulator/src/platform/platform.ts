// The whole of WeChat behind its HTTP surface: merchants, users, orders, money, notifications, under one clock.

import type { Faults } from '../faults/faults.ts'
import type { Clock } from '../ports/clock.ts'
import type { Random } from '../ports/random.ts'
import { type Cashier, createCashier } from './cashier.ts'
import type { Fetch } from './deliver.ts'
import type { EmulatorKeys } from './keys.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { createLogins, type Logins } from './logins.ts'
import { createMerchants, type Merchants } from './merchants.ts'
import { createNotifier, type Notifier } from './notifier.ts'
import { createOrders, type Orders } from './orders.ts'
import { createPeople, type People } from './people.ts'
import { type EmulatorSettings, IDS, settingsOf } from './settings.ts'
import { type EmulatorClock, emulatorClock } from './time.ts'

export interface PlatformInput {
  clock: Clock
  random: Random
  fetch: Fetch
  keys: EmulatorKeys
  faults: Faults
  base_url: string
  notificationKey: 'public_key' | 'platform_certificate'
}

export interface Platform {
  clock: EmulatorClock
  random: Random
  settings: EmulatorSettings
  /** AppSecret by appid. */
  secrets: ReadonlyMap<string, string>
  merchants: Merchants
  people: People
  logins: Logins
  orders: Orders
  ledger: Ledger
  cashier: Cashier
  notifier: Notifier
  /** Forgets all that happened; keys, numbers and the two first users stay. */
  reset(): void
}

export function createPlatform(input: PlatformInput): Platform {
  const { random, faults, keys } = input
  const merchants = createMerchants(keys)
  const people = createPeople([IDS.appid, IDS.sp_appid, IDS.sub_appid])
  const clock: EmulatorClock = emulatorClock(input.clock, () => notifier)
  const notifier = createNotifier({ clock, random, fetch: input.fetch, merchants, faults, notificationKey: input.notificationKey })
  const orders = createOrders(clock, random)
  const ledger = createLedger()
  const logins = createLogins(clock, random)
  return {
    clock,
    random,
    settings: settingsOf(keys, input.base_url, people.all()),
    secrets: new Map([
      [IDS.appid, keys.direct.app_secret],
      [IDS.sp_appid, keys.partner.sp_app_secret],
      [IDS.sub_appid, keys.partner.sub_app_secret],
    ]),
    merchants,
    people,
    logins,
    orders,
    ledger,
    cashier: createCashier({ clock, random, merchants, people, orders, ledger, notifier }),
    notifier,
    reset() {
      for (const part of [people, logins, orders, ledger, notifier]) part.reset()
    },
  }
}

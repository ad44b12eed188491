// What api.weixin.qq.com keeps of all mini programs: tokens, sessions, phone codes, subscriptions, shipping, pushes.

import type { Clock } from '../../ports/clock.ts'
import type { Random } from '../../ports/random.ts'
import type { Agenda } from '../agenda.ts'
import type { Behaviour } from '../behaviour.ts'
import type { Journal } from '../kept/journal.ts'
import { createLogins, type Logins } from '../logins.ts'
import type { Notifier } from '../notifier.ts'
import type { People } from '../people.ts'
import type { Trades } from '../trades.ts'
import { createPhones, type Phones } from './phones.ts'
import type { PushSettings } from './push.ts'
import { createPushes, type Pushes } from './pushes.ts'
import { createSessions, type Session, type Sessions } from './sessions.ts'
import type { Shipment } from './shipping/shipment.ts'
import { createShipping, type Shipping } from './shipping/shipping.ts'
import { createSubscriptions, type SavedSubscriptions, type Subscriptions } from './subscriptions.ts'
import { createTokens, type Tokens } from './tokens.ts'

export interface MiniPrograms {
  logins: Logins
  sessions: Sessions
  tokens: Tokens
  phones: Phones
  subscriptions: Subscriptions
  pushes: Pushes
  shipping: Shipping
  /** Tokens and codes are not part of it: clients get new ones. */
  save(): MiniProgramState
  restore(state: MiniProgramState): void
  reset(): void
}

export interface MiniProgramState {
  sessions: readonly Session[]
  subscriptions: SavedSubscriptions
  shipments: readonly Shipment[]
  jump_paths: Readonly<Record<string, string>>
  push_settings: Readonly<Record<string, PushSettings>>
}

export interface MiniProgramWorld {
  clock: Clock
  random: Random
  behaviour: Behaviour
  agenda: Agenda
  people: People
  trades: Trades
  notifier: Notifier
  journal: Journal
  /** Shared with the notifier, who signs with them. */
  pushSettings: Map<string, PushSettings>
}

export function createMiniPrograms(world: MiniProgramWorld): MiniPrograms {
  const { clock, random, people, journal } = world
  const sessions = createSessions(clock, random, journal)
  const logins = createLogins(clock, random, sessions)
  const tokens = createTokens(clock, random)
  const phones = createPhones(clock, random, people)
  const subscriptions = createSubscriptions(journal)
  const pushes = createPushes(clock, world.pushSettings, world.notifier)
  const shipping = createShipping({ ...world, pushes })
  return {
    logins,
    sessions,
    tokens,
    phones,
    subscriptions,
    pushes,
    shipping,
    save: () => ({
      sessions: sessions.all(),
      subscriptions: subscriptions.save(),
      shipments: shipping.all(),
      jump_paths: Object.fromEntries(shipping.jumpPaths),
      push_settings: Object.fromEntries(pushes.settings),
    }),
    restore(state) {
      sessions.restore(state.sessions)
      subscriptions.restore(state.subscriptions)
      shipping.restore(state.shipments)
      for (const [appid, path] of Object.entries(state.jump_paths)) shipping.jumpPaths.set(appid, path)
      for (const [appid, settings] of Object.entries(state.push_settings)) pushes.settings.set(appid, settings)
    },
    reset() {
      sessions.clear()
      for (const part of [logins, tokens, phones, subscriptions, pushes, shipping]) part.reset()
    },
  }
}

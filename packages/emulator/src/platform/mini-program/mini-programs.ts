// The state of all mini programs on api.weixin.qq.com: tokens, sessions, phone codes, subscriptions, shipping, pushes.

import type { Clock } from '../../ports/clock.ts'
import type { Random } from '../../ports/random.ts'
import type { Agenda } from '../agenda.ts'
import type { Behaviour } from '../behaviour.ts'
import type { Journal } from '../kept/journal.ts'
import type { Notifier } from '../notifications/notifier.ts'
import type { Trades } from '../orders/trades.ts'
import type { People } from '../people.ts'
import { createLogins, type Logins } from './logins.ts'
import { createPhones, type Phones } from './phones.ts'
import type { PushSettings } from './push.ts'
import { createPushes, type Pushes } from './pushes.ts'
import { createSessions, type Sessions } from './sessions.ts'
import { createShipping, type Shipping } from './shipping/shipping.ts'
import { createSubscriptions, type Subscriptions } from './subscriptions.ts'
import { createTokens, type Tokens } from './tokens.ts'

export interface MiniPrograms {
  logins: Logins
  sessions: Sessions
  tokens: Tokens
  phones: Phones
  subscriptions: Subscriptions
  pushes: Pushes
  shipping: Shipping
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
  /** Shared with the notifier, which signs pushes with these settings. */
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
  return { logins, sessions, tokens, phones, subscriptions, pushes, shipping }
}

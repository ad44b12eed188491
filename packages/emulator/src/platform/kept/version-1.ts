// Reads states of version 1. They hold the data of mini programs under a name of its own, and older ones lack parts that did not exist yet.

import type { PushSettings } from '../mini-program/push.ts'
import type { Session } from '../mini-program/sessions.ts'
import type { Shipment } from '../mini-program/shipping/shipment.ts'
import type { SentMessage } from '../mini-program/subscriptions.ts'
import { type PlatformState, STATE_VERSION } from './state.ts'

type Moved = 'sessions' | 'subscriptions' | 'sent' | 'shipments' | 'jump_paths' | 'push_settings'
type Later = 'refund_notify_urls' | 'wallets'

export interface StateVersion1 extends Omit<PlatformState, 'version' | Moved | Later>, Partial<Pick<PlatformState, Later>> {
  version: 1
  mini_programs?: {
    sessions: readonly Session[]
    subscriptions: { left: Readonly<Record<string, number>>; sent: readonly SentMessage[] }
    shipments: readonly Shipment[]
    jump_paths: Readonly<Record<string, string>>
    push_settings: Readonly<Record<string, PushSettings>>
  }
}

export function fromVersion1({ mini_programs, ...state }: StateVersion1): PlatformState {
  const sent = mini_programs?.subscriptions.sent ?? []
  return {
    refund_notify_urls: {},
    wallets: {},
    ...state,
    version: STATE_VERSION,
    sessions: mini_programs?.sessions ?? [],
    subscriptions: Object.entries(mini_programs?.subscriptions.left ?? {}),
    sent: sent.length > 0 ? [sent] : [],
    shipments: mini_programs?.shipments ?? [],
    jump_paths: mini_programs?.jump_paths ?? {},
    push_settings: mini_programs?.push_settings ?? {},
  }
}

// Contract declares the API's answers and domain makes them, but domain may not import contract. If one of them lacks a field, state or kind, the type check
// of the tests fails.

import type { EventAnswer, IncidentAnswer, IncidentKind, OrderAnswer, RefundAnswer, StatementAnswer } from '@cashdesk/contract'
import { EVENT_TYPES, INCIDENT_KINDS_ALL } from '@cashdesk/contract'
import {
  INCIDENT_KINDS,
  type incidentView,
  type OrderEventType,
  type orderView,
  type RefundEventType,
  type refundView,
  type Statement,
} from '@cashdesk/domain'
import { expect, test } from 'vitest'

/** The same keys with the same types, in both directions. */
type Same<A, B> = [A] extends [B]
  ? [B] extends [A]
    ? [keyof A] extends [keyof B]
      ? [keyof B] extends [keyof A]
        ? true
        : never
      : never
    : never
  : never
type IncidentEvent = 'incident.opened' | 'incident.resolved'

const incident: Same<IncidentAnswer, ReturnType<typeof incidentView>> = true
const order: Same<OrderAnswer, ReturnType<typeof orderView>> = true
const refund: Same<RefundAnswer, ReturnType<typeof refundView>> = true
const events: Same<EventAnswer['type'], OrderEventType | RefundEventType | IncidentEvent> = true
const statement: Same<StatementAnswer, Statement> = true
const kinds: Same<IncidentKind, (typeof INCIDENT_KINDS)[number]> = true

test('contract and domain agree on answers, events and kinds of incidents', () => {
  expect([incident, order, refund, events, statement, kinds]).toEqual([true, true, true, true, true, true])
  expect([...INCIDENT_KINDS_ALL].sort()).toEqual([...INCIDENT_KINDS].sort())
  expect(new Set(EVENT_TYPES).size).toBe(EVENT_TYPES.length)
})

// What a database consists of, in an order in which it can be written: a row comes after those that it names.

import type { Tables } from '../schema.ts'

/** What migrations make themselves, on either side, stays; servers say themselves where they are at work. */
export type Table = Exclude<keyof Tables, 'migrations' | 'processes'>

export const TABLES: readonly Table[] = [
  'settings',
  'orders',
  'order_history',
  'refunds',
  'refund_history',
  'ledger',
  'notifications',
  'events',
  'incidents',
  'refusals',
  'webhook_endpoints',
  'webhook_deliveries',
  'sessions',
  'api_keys',
  'reviews',
  'audit_log',
]

export type Counts = Record<Table, number>

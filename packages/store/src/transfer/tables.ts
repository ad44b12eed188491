// The tables of an export, in an order in which they can be written: rows come after those that they refer to.

import type { Tables } from '../schema.ts'

/** `migrations` is excluded because the target has its own, `processes` because servers register themselves. */
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
  'bill_files',
  'bill_pieces',
  'bill_trades',
  'bill_funds',
  'bill_days',
  'differences',
  'difference_history',
]

export type Counts = Record<Table, number>

// The messages between the test and the server that may die.

import type { Violation } from '@cashdesk/store'

export interface Start {
  config: unknown
  database_url: string
  port: number
  offset_ms: number
  /** Report every crossing. */
  list?: boolean
  /** Die there, at the nth time. */
  crash?: { at: string; nth?: number } | undefined
}

export interface Command {
  id: number
  act: 'settle' | 'deliver' | 'audit'
  offset_ms: number
}

export type Report = { ready: true } | { reached: string } | { done: number } | { audit: Violation[] }

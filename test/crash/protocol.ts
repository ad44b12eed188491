// What the test and the server that may die say to each other.

import type { Violation } from '@cashdesk/store'

export interface Start {
  config: unknown
  database_url: string
  port: number
  offset_ms: number
  /** Tell every crossing. */
  list?: boolean
  /** Die there, the nth time. */
  crash?: { at: string; nth?: number } | undefined
}

export interface Command {
  id: number
  act: 'settle' | 'deliver' | 'audit'
  offset_ms: number
}

export type Report = { ready: true } | { reached: string } | { done: number } | { audit: Violation[] }

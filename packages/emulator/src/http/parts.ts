// The parts that the HTTP layer works with.

import type { Faults } from '../faults/faults.ts'
import type { Platform } from '../platform/platform.ts'
import type { Seen } from './seen.ts'

export interface App {
  platform: Platform
  faults: Faults
  seen: Seen
}

// All scenarios: first those where the client calls, then those where it is notified.

import { callScenarios } from './call-scenarios.ts'
import { notificationScenarios } from './notification-scenarios.ts'
import type { Scenario } from './scenario.ts'

export const SCENARIOS: readonly Scenario[] = [...callScenarios, ...notificationScenarios]

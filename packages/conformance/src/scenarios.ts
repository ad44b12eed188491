// All scenarios, by what the client does in them.

import { callScenarios } from './call-scenarios.ts'
import { notificationScenarios } from './notification-scenarios.ts'
import type { Scenario } from './scenario.ts'

export const SCENARIOS: readonly Scenario[] = [...callScenarios, ...notificationScenarios]

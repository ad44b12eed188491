// All of v2 that is here, by path.

import type { Platform } from '../../platform/platform.ts'
import { billRoutes } from './bills.ts'
import { orderRoutes } from './orders.ts'
import { refundRoutes } from './refunds.ts'
import type { V2Route } from './route.ts'
import { unifiedOrderRoute } from './unified-order.ts'

export function v2Routes(platform: Platform): V2Route[] {
  return [unifiedOrderRoute(platform), ...orderRoutes(platform), ...refundRoutes(platform), ...billRoutes(platform)]
}

// All v2 endpoints that the emulator offers, by path.

import type { Platform } from '../../platform/platform.ts'
import { billRoutes } from './endpoints/bills.ts'
import { orderRoutes } from './endpoints/orders.ts'
import { refundRoutes } from './endpoints/refunds.ts'
import { unifiedOrderRoute } from './endpoints/unified-order.ts'
import type { V2Route } from './route.ts'

export function v2Routes(platform: Platform): V2Route[] {
  return [unifiedOrderRoute(platform), ...orderRoutes(platform), ...refundRoutes(platform), ...billRoutes(platform)]
}

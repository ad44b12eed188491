// All endpoints of api.weixin.qq.com that the emulator offers, by path.

import type { Platform } from '../../platform/platform.ts'
import { code2SessionRoute } from './jscode2session.ts'
import { messageRoutes } from './messages.ts'
import type { MiniRoute } from './route.ts'
import { shippingRoutes } from './shipping.ts'
import { shippingOrderRoutes } from './shipping-orders.ts'
import { tokenRoutes } from './tokens.ts'
import { userRoutes } from './users.ts'

export function miniProgramRoutes(platform: Platform): MiniRoute[] {
  return [
    code2SessionRoute(platform),
    ...tokenRoutes(platform),
    ...userRoutes(platform),
    ...messageRoutes(platform),
    ...shippingRoutes(platform),
    ...shippingOrderRoutes(platform),
  ]
}

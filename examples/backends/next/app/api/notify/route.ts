// POST /api/notify: WeChat's notification.

import { nextNotifications } from '@cashdesk/sdk/adapters'
import { shop, wechatpay } from '../../../shop.ts'

export const POST = nextNotifications({ wechatpay, handle: shop.handle })

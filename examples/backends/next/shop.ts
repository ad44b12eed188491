// One shop for all route handlers of the application.

import { shopFromEnvironment } from '../wechat.ts'

export const { shop, wechatpay } = shopFromEnvironment()

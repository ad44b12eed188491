// The only Cashdesk client of this program, because it stores the session and makes a double tap one payment. Undefined where there is no WeChat.

import { createCashdesk } from '@cashdesk/miniprogram'
import { config } from './config'
import { weixin } from './weixin'

export const cashdesk = weixin && createCashdesk({ baseURL: config.cashdesk, appid: config.appid, host: weixin.host })

// The one Cashdesk of this program: it keeps the session, and makes a double tap one payment. None where there is no WeChat.

import { createCashdesk } from '@cashdesk/miniprogram'
import { config } from './config'
import { weixin } from './weixin'

export const cashdesk = weixin && createCashdesk({ baseURL: config.cashdesk, appid: config.appid, host: weixin.host })

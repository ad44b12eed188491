// The one Cashdesk of this program: it keeps the session, and makes a double tap one payment.

import { createCashdesk, taroHost } from '@cashdesk/miniprogram'
import Taro from '@tarojs/taro'
import { config } from './config'

export const cashdesk = createCashdesk({ baseURL: config.cashdesk, appid: config.appid, host: taroHost(Taro) })

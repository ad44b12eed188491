// The only Cashdesk client of this program, because it stores the session and makes a double tap one payment.

import { createCashdesk, taroHost } from '@cashdesk/miniprogram'
import Taro from '@tarojs/taro'
import { config } from './config'

export const cashdesk = createCashdesk({ baseURL: config.cashdesk, appid: config.appid, host: taroHost(Taro) })

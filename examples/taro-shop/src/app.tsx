// The program. When it is shown again it asks for the outcome of a payment whose end it did not see.

import Taro, { useDidShow } from '@tarojs/taro'
import type { PropsWithChildren } from 'react'
import { cashdesk } from './cashdesk'
import './app.css'

export default function App({ children }: PropsWithChildren) {
  useDidShow(async () => {
    const outcome = await cashdesk.resume()
    if (outcome?.status === 'paid' && outcome.order) Taro.navigateTo({ url: `/pages/order/order?id=${outcome.order.out_trade_no}` })
  })
  return children
}

// The program. When it is shown again it asks for the outcome of a payment whose end it did not see.

import { cashdesk } from './cashdesk'

App({
  async onShow() {
    const outcome = await cashdesk.resume()
    if (outcome?.status === 'paid' && outcome.order) {
      wx.navigateTo({ url: `/pages/order/order?id=${outcome.order.out_trade_no}&status=paid` })
    }
  },
})

// The program. Coming back to it asks what became of a payment whose end it did not see.

import { cashdesk } from './cashdesk'

App({
  async onShow() {
    const outcome = await cashdesk.resume()
    if (outcome?.status === 'paid' && outcome.order) {
      wx.navigateTo({ url: `/pages/order/order?id=${outcome.order.out_trade_no}&status=paid` })
    }
  },
})

// The products, and one tap to pay for one.

import { cashdesk } from '../../cashdesk'
import { checkout, type Product, products, yuan } from '../../shop'

Page({
  data: {
    products: [] as (Product & { yuan: string })[],
    trouble: '',
    /** The product being paid for. A second tap while the cashier is open does nothing. */
    buying: '',
  },

  onLoad() {
    return this.load()
  },

  async onPullDownRefresh() {
    await this.load()
    wx.stopPullDownRefresh()
  },

  async load() {
    try {
      const found = await products()
      this.setData({ products: found.map((product) => ({ ...product, yuan: yuan(product.price) })), trouble: '' })
    } catch (error) {
      this.setData({ trouble: sentence(error) })
    }
  },

  async buy(event: WechatMiniprogram.TouchEvent) {
    if (this.data.buying) return
    const { id } = event.currentTarget.dataset as { id: string }
    this.setData({ buying: id })
    try {
      const order = await checkout(id)
      const { status, error } = await cashdesk.pay(order)
      wx.navigateTo({
        url: `/pages/order/order?id=${order.out_trade_no}&status=${status}&message=${encodeURIComponent(error?.zh ?? '')}`,
      })
    } catch (error) {
      wx.showToast({ title: sentence(error), icon: 'none' })
    } finally {
      this.setData({ buying: '' })
    }
  },
})

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

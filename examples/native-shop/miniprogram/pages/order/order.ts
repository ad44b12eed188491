// One order, as the shop's backend knows it. Opens after a payment, and from WeChat's order centre with only `?id=`.

import { shopOrder, yuan } from '../../shop'

Page({
  data: {
    id: '',
    /** The outcome of pay(); empty when the page was opened without a payment. */
    status: '',
    /** The order's state at the server. */
    state: '',
    title: '正在查询',
    note: '',
    description: '',
    total: '',
  },

  onLoad({ id = '', status = '', message = '' }: Record<string, string | undefined>) {
    this.setData({ id, status, note: decodeURIComponent(message) })
  },

  onShow() {
    return this.refresh()
  },

  async onPullDownRefresh() {
    await this.refresh()
    wx.stopPullDownRefresh()
  },

  async refresh() {
    try {
      const { state, description, amount } = await shopOrder(this.data.id)
      const note = state === 'paid' ? '谢谢惠顾，正在为您准备。' : this.data.note
      this.setData({ state, description, total: yuan(amount.total), title: titleOf(state, this.data.status), note })
    } catch (error) {
      this.setData({ title: '暂时查不到订单', note: error instanceof Error ? error.message : String(error) })
    }
  },

  home() {
    wx.reLaunch({ url: '/pages/index/index' })
  },
})

/** Shows the server's state; the outcome of pay() only while the server has no state to show. */
function titleOf(state: string, status: string): string {
  if (state === 'paid') return '支付成功'
  if (state === 'closed' || state === 'failed') return '订单已关闭'
  if (state === 'review') return '付款核对中'
  if (status === 'cancelled') return '支付已取消'
  if (status === 'failed') return '支付未完成'
  if (status === 'pending') return '正在确认付款'
  return '等待付款'
}

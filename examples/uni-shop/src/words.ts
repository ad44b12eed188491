// The texts for orders and money that a shopper reads.

export interface Status {
  title: string
  note: string
  /** `wait`: the outcome is still open. */
  tone: 'good' | 'wait' | 'back' | 'over'
}

export function yuan(fen: number): string {
  return `¥${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`
}

/** The text for the server's state; for the outcome of pay() only while the server has no state to show. */
export function statusOf(state: string, refund: string | null | undefined, outcome = ''): Status {
  if (state === 'paid' && refund === 'succeeded') return { title: '已退款', note: '款项已按原路退回。', tone: 'back' }
  if (state === 'paid' && (refund === 'rejected' || refund === 'closed'))
    return { title: '退款未成功', note: '请联系店员为您处理。', tone: 'wait' }
  if (state === 'paid' && refund) return { title: '退款中', note: '微信正在把钱退给您，一般几分钟内到账。', tone: 'wait' }
  if (state === 'paid') return { title: '支付成功', note: '谢谢惠顾，正在为您准备。', tone: 'good' }
  if (state === 'closed' || state === 'failed') return { title: '订单已关闭', note: '没有扣款，可以重新下单。', tone: 'over' }
  if (state === 'review') return { title: '付款核对中', note: '收到的款项需要店员核对，请勿重复付款。', tone: 'wait' }
  if (outcome === 'cancelled') return { title: '支付已取消', note: '订单为您保留两小时，可以继续支付。', tone: 'wait' }
  if (outcome === 'failed') return { title: '支付未完成', note: '没有扣款，可以再试一次。', tone: 'wait' }
  if (outcome === 'pending') return { title: '正在确认付款', note: '正在向微信核实，请稍候，不要重复付款。', tone: 'wait' }
  return { title: '等待付款', note: '订单为您保留两小时。', tone: 'wait' }
}

/** `11月24日 10:05`, in the shop's own time zone. */
export function moment(rfc3339: string): string {
  const at = new Date(Date.parse(rfc3339) + 8 * 60 * 60 * 1000)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${at.getUTCMonth() + 1}月${at.getUTCDate()}日 ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`
}

export function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

export function picture(product_id: string): string {
  return `/static/goods/${product_id}.svg`
}

// Lists refunds with their results, finishes one by hand, and makes one as the merchant console does.

import { Hono } from 'hono'
import type { Platform } from '../../../platform/platform.ts'
import { type FinalStatus, refundAnswer } from '../../../platform/refunds/refund.ts'
import { Refusal } from '../../../platform/refusal.ts'
import { ControlError, invalidInput } from '../control-error.ts'
import { optionalInteger, optionalText, readInput, requiredText } from '../input.ts'
import { readMerchantAddress } from '../merchant-address.ts'

export function refundControlRoutes({ refunds, trades, merchants }: Platform): Hono {
  const hono = new Hono()

  hono.get('/refunds', (c) => {
    const notify_urls = Object.fromEntries(refunds.notifyUrls)
    return c.json({ refunds: refunds.all().map((record) => ({ ...refundAnswer(record), mchid: record.mchid })), notify_urls })
  })

  hono.post('/refunds', async (c) => {
    const input = await readInput(c.req.raw)
    const trade = trades.findByTransactionId(requiredText(input, 'transaction_id'))
    if (!trade) throw new ControlError(404, 'TRADE_UNKNOWN', 'No payment has this transaction_id.', '没有该微信支付订单号的付款。')
    const amount = optionalInteger(input, 'amount', 1) ?? trade.total - trade.refunded
    const outcome = optionalStatus(optionalText(input, 'status'))
    const refund = { amount, out_refund_no: optionalText(input, 'out_refund_no'), ...(outcome && { outcome }) }
    return c.json(refundAnswer(refused(() => refunds.createExternally(trade, refund))), 201)
  })

  hono.post('/refunds/notify-url', async (c) => {
    const { mchid, notify_url } = await readMerchantAddress(c.req.raw, merchants)
    refunds.notifyUrls.set(mchid, notify_url)
    return c.json({ mchid, notify_url })
  })

  hono.post('/refunds/:refund_id/finish', async (c) => {
    const status = optionalStatus(optionalText(await readInput(c.req.raw), 'status')) ?? 'SUCCESS'
    const record = refunds.findById(c.req.param('refund_id'))
    if (!record) throw new ControlError(404, 'REFUND_UNKNOWN', 'No refund has this refund_id.', '没有该微信退款单号的退款。')
    if (!refunds.finish(record.refund_id, status)) {
      throw new ControlError(400, 'REFUND_FINAL', `The refund is ${record.status} already.`, `退款已是 ${record.status} 状态。`)
    }
    return c.json(refundAnswer(record))
  })

  return hono
}

function optionalStatus(text: string | undefined): FinalStatus | undefined {
  if (text === undefined || text === 'SUCCESS' || text === 'ABNORMAL' || text === 'CLOSED') return text
  throw invalidInput('status', "must be 'SUCCESS', 'ABNORMAL' or 'CLOSED'", '必须是 SUCCESS、ABNORMAL 或 CLOSED')
}

/** Turns a refusal of the API into an error of the control API: the console refuses the same refunds as the API. */
function refused<T>(act: () => T): T {
  try {
    return act()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw new ControlError(400, error.code, `The merchant console refuses: ${error.code}.`, error.message)
  }
}

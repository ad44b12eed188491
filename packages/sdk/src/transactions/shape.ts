// Checks the few fields of an answer that our own decisions need, without loading the schemas.

import { MessageError } from '@cashdesk/protocol'
import type { PrepayAnswer, Transaction } from '@cashdesk/protocol/spec'
import { record } from '../shape.ts'

export function prepayAnswer(value: unknown): PrepayAnswer {
  const { prepay_id } = record(value)
  if (typeof prepay_id !== 'string' || prepay_id === '') throw new MessageError('ERR_MESSAGE_SHAPE', { where: 'prepay_id' })
  return { prepay_id }
}

/** A verified transaction: numbers and state are present, and a paid one has its transaction_id and amount. */
export function transaction<T extends Transaction>(value: unknown): T {
  const t = record(value)
  for (const name of ['out_trade_no', 'trade_state']) {
    if (typeof t[name] !== 'string') throw new MessageError('ERR_MESSAGE_SHAPE', { where: name })
  }
  if (t['trade_state'] === 'SUCCESS' || t['trade_state'] === 'REFUND') {
    if (typeof t['transaction_id'] !== 'string') throw new MessageError('ERR_MESSAGE_SHAPE', { where: 'transaction_id' })
    const { total } = record(t['amount'])
    if (!Number.isSafeInteger(total)) throw new MessageError('ERR_MESSAGE_SHAPE', { where: 'amount.total' })
  }
  // The fields that we read are checked above. The verb knows which of the two types WeChat answers.
  return value as T
}

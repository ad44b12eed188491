// Place a combined order: POST /v3/combine-transactions/jsapi. All sub-orders are paid or none. Sign the payment fields with combine_appid.

import type { CombineOrder, PrepayAnswer } from '@cashdesk/protocol/spec'
import type { Caller } from '../caller.ts'
import { prepayAnswer } from '../transactions/shape.ts'

/** The whole order without `combine_mchid`, which the client adds. */
export type CombineInput = Omit<CombineOrder, 'combine_mchid'>

export async function combineJsapi(caller: Caller, order: CombineInput): Promise<PrepayAnswer> {
  const body: CombineOrder = { ...order, combine_mchid: caller.mchid }
  return prepayAnswer(await caller.send({ endpoint: 'combineOrder', body }))
}

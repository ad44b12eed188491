// Close an unpaid order of a sub-merchant. WeChat answers 204; a paid order is refused.

import type { Caller } from '../caller.ts'

/** Never close a number that was not ordered: WeChat answers 204, and the number cannot be used any more (v3-endpoints §1.1). */
export async function partnerClose(caller: Caller, input: { sub_mchid: string; out_trade_no: string }): Promise<void> {
  await caller.send({
    endpoint: 'partnerClose',
    parts: { out_trade_no: input.out_trade_no },
    body: { sp_mchid: caller.mchid, sub_mchid: input.sub_mchid },
  })
}

// Close an unpaid order (direct merchant). WeChat answers 204; a paid order is refused.

import type { Caller } from '../caller.ts'

/** Never close a number that was not ordered: WeChat answers 204, and the number cannot be used any more (v3-endpoints §1.1). */
export async function close(caller: Caller, out_trade_no: string): Promise<void> {
  await caller.send({ endpoint: 'jsapiClose', parts: { out_trade_no }, body: { mchid: caller.mchid } })
}

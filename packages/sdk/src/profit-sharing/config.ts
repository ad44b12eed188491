// The largest share a sub-merchant allows: GET /v3/profitsharing/merchant-configs/{sub_mchid}. Service providers only.

import type { SharingConfig } from '@cashdesk/protocol/spec'
import type { Caller } from '../caller.ts'
import { checked } from '../shape.ts'

/** `max_ratio` 2000 is 20 %. */
export async function sharingConfig(caller: Caller, sub_mchid: string): Promise<SharingConfig> {
  return checked<SharingConfig>(await caller.send({ endpoint: 'sharingConfig', parts: { sub_mchid } }), 'sub_mchid')
}

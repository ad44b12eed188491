// The largest share a sub-merchant allows: GET /v3/profitsharing/merchant-configs/{sub_mchid}. Service providers only.

import type { SharingConfig } from '@cashdesk/protocol/spec'
import { type Caller, part } from '../caller.ts'
import { checked } from '../shape.ts'

/** `max_ratio` 2000 is 20 %. */
export async function sharingConfig(caller: Caller, sub_mchid: string): Promise<SharingConfig> {
  const path = `/v3/profitsharing/merchant-configs/${part(sub_mchid)}`
  return checked<SharingConfig>(await caller.send({ endpoint: 'sharingConfig', method: 'GET', path }), 'sub_mchid')
}

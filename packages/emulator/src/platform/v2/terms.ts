// What an order made over v2 says beyond what v3 orders say: kept beside the order, because v2 and v3 are one bank (v2-protocol §13).

import type { SignType } from '@cashdesk/protocol/v2'

export interface V2Terms {
  /** How the order was signed: its paySign and its notification are signed the same way (v2-protocol §2, §4). */
  sign_type: SignType
  /** JSON of v2's own shape. */
  detail?: string
  scene_info?: string
  limit_pay?: string
}

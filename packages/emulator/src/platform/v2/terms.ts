// What an order made over v2 has beyond v3's fields. It is kept beside the order, because v2 and v3 share one platform (v2-protocol §13).

import type { SignType } from '@cashdesk/protocol/v2'

export interface V2Terms {
  /** How the order was signed. Its paySign and its notification use the same algorithm (v2-protocol §2, §4). */
  sign_type: SignType
  /** JSON in v2's own format. */
  detail?: string
  scene_info?: string
  limit_pay?: string
}

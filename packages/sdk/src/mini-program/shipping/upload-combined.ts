// Tells WeChat that a combined order (合单) was shipped: POST /wxa/sec/order/upload_combined_shipping_info.

import type { CombinedShippingUpload } from '@cashdesk/protocol/spec'
import type { MiniProgramCaller } from '../caller.ts'
import { beijingTimeMs } from './beijing-time.ts'

/** `upload_time` defaults to now. */
export type CombinedShippingUploadInput = Omit<CombinedShippingUpload, 'upload_time'> & { upload_time?: string | undefined }

/** All order keys must be of one kind. */
export async function uploadCombinedShipping(caller: MiniProgramCaller, upload: CombinedShippingUploadInput): Promise<void> {
  const body = { ...upload, upload_time: upload.upload_time ?? beijingTimeMs(caller.now()) }
  await caller.send({ endpoint: 'miniCombinedShippingUpload', body })
}

// Tells WeChat that an order was shipped: POST /wxa/sec/order/upload_shipping_info. WeChat holds the order's money until then.

import type { ShippingUpload } from '@cashdesk/protocol/spec'
import type { MiniProgramCaller } from '../caller.ts'
import { beijingTimeMs } from './beijing-time.ts'

/** `upload_time` defaults to now. */
export type ShippingUploadInput = Omit<ShippingUpload, 'upload_time'> & { upload_time?: string | undefined }

/**
 * An identical second upload is refused with 10060023. A changed one uses up the order's only re-shipping.
 * @throws MiniProgramApiError (10060001 within a minute of the payment: try again later), NetworkError, UntrustedAnswerError, RequestError
 */
export async function uploadShipping(caller: MiniProgramCaller, upload: ShippingUploadInput): Promise<void> {
  const body = { ...upload, upload_time: upload.upload_time ?? beijingTimeMs(caller.now()) }
  await caller.send({ endpoint: 'miniShippingUpload', body })
}

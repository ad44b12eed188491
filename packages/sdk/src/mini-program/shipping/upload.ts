// Tell WeChat that an order was shipped: POST /wxa/sec/order/upload_shipping_info. The money of the order waits for it.

import type { ShippingUpload } from '@cashdesk/protocol/spec'
import type { MiniProgramCaller } from '../caller.ts'
import { beijingTimeMs } from './beijing-time.ts'

/** `upload_time` is now where it is left out. */
export type ShippingUploadInput = Omit<ShippingUpload, 'upload_time'> & { upload_time?: string | undefined }

/**
 * The same again is refused with 10060023, and a changed one uses up the order's one re-shipping.
 * @throws MiniProgramApiError (10060001 within a minute of the payment: later again), NetworkError, UntrustedAnswerError, RequestError
 */
export async function uploadShipping(caller: MiniProgramCaller, upload: ShippingUploadInput): Promise<void> {
  const body = { ...upload, upload_time: upload.upload_time ?? beijingTimeMs(caller.now()) }
  await caller.send({ endpoint: 'miniShippingUpload', method: 'POST', path: '/wxa/sec/order/upload_shipping_info', body })
}

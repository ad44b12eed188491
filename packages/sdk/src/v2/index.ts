export { CashdeskError, DecryptError, KeyError, MessageError, SignatureError } from '@cashdesk/protocol'
export {
  type SignType,
  V2_REPLY_OK,
  type V2Order,
  type V2Payment,
  type V2Prepay,
  type V2Refund,
  type V2RefundList,
  type V2RefundResult,
  type V2RefundRow,
  type V2RefundStatus,
  type V2RequestPayment,
  type V2TradeState,
  v2ReplyFail,
} from '@cashdesk/protocol/v2'
export type {
  V2BillRequest,
  V2CloseOrder,
  V2FundFlowRequest,
  V2OrderKey,
  V2RefundKey,
  V2RefundRequest,
  V2UnifiedOrder,
} from '@cashdesk/protocol/v2/spec'
export { ApiError, isRefused, NetworkError, RequestError, UntrustedAnswerError } from '../errors.ts'
export { V2_BILL_BYTES_MAX, type V2BillText } from './bills.ts'
export { type ClientCertificate, mutualTlsFetch } from './mutual-tls.ts'
export { V2_NOTIFICATION_BODY_BYTES_MAX } from './receive.ts'
export type { V2UnifiedOrderInput } from './unified-order.ts'
export { createWechatPayV2, type WechatPayV2, type WechatPayV2Options } from './wechat-pay-v2.ts'

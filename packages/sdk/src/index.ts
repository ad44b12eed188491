export {
  apiV3Key,
  type BillExpectation,
  type BillReader,
  CashdeskError,
  type Certificate,
  certificate,
  DELIVERY_MODE,
  DecryptError,
  type FundFlowLine,
  fundFlowBillReader,
  type HeaderSource,
  KeyError,
  LOGISTICS_TYPE,
  MessageError,
  ORDER_NUMBER_TYPE,
  privateKey,
  publicKey,
  type RequestPayment,
  SHIPPING_STATE,
  type SharingLine,
  SignatureError,
  sharingBillReader,
  type TradeLine,
  tradeBillReader,
  type UserData,
} from '@cashdesk/protocol'
export type { OrderSettlement, PushCommon, PushEvent, PushNotice, PushOrder, RemindShipping } from '@cashdesk/protocol/message-push'
export type {
  BillAnswer,
  Code2SessionAnswer,
  CombinedShippingUpload,
  ConfirmReceiveReminder,
  DirectTransaction,
  JsapiOrder,
  NotificationEnvelope,
  PaidUnionidQuery,
  PartnerJsapiOrder,
  PartnerTransaction,
  PhoneInfo,
  PhoneNumberRequest,
  PrepayAnswer,
  Refund,
  RefundNotice,
  RefundRequest,
  ShippingOrder,
  ShippingOrderList,
  ShippingOrderListQuery,
  ShippingOrderQuery,
  ShippingUpload,
  SubscribeMessage,
  TradeState,
  Transaction,
  UrlLinkRequest,
  UrlSchemeRequest,
} from '@cashdesk/protocol/spec'
export type { Bills } from './bills/bills.ts'
export type { BillRows } from './bills/rows.ts'
export type { BillStreamOptions } from './bills/stream.ts'
export type { ByHand, DownloadedFile, DownloadInput, RequestInput } from './by-hand/by-hand.ts'
export type { Upload } from './by-hand/upload.ts'
export type { Sealer } from './caller.ts'
export type { CombineInput } from './combine/order.ts'
export * from './errors.ts'
export { type AccessTokenSource, stableAccessTokens } from './mini-program/access-token.ts'
export type { Line as MiniProgramLine } from './mini-program/ask.ts'
export { createMessagePush, type MessagePush, type MessagePushOptions, type PushQueryInput } from './mini-program/message-push.ts'
export { createMiniProgram, type MiniProgram, type MiniProgramOptions, type Shipping } from './mini-program/mini-program.ts'
export type { UserSession } from './mini-program/session-key.ts'
export type { ShippingUploadInput } from './mini-program/shipping/upload.ts'
export type { CombinedShippingUploadInput } from './mini-program/shipping/upload-combined.ts'
export type { OpenUserDataInput, RawDataInput } from './mini-program/user-data.ts'
export type { HeadersInput } from './notifications/header-source.ts'
export {
  NOTIFICATION_BODY_BYTES_MAX,
  type Notification,
  type RawNotification,
  UnreadableNotificationError,
} from './notifications/receive.ts'
export type { PartnerJsapiInput } from './partner/jsapi.ts'
export { type Clock, type Fetch, type Random, systemClock, systemRandom } from './ports.ts'
export type { AbnormalRefundInput } from './refunds/abnormal.ts'
export { localSigner, type Signer } from './signers/signer.ts'
export type { JsapiInput } from './transactions/jsapi.ts'
export type { AttemptEnd, AttemptStart, Hooks } from './transport/hooks.ts'
export { nodeFetch } from './transport/node-network.ts'
export type { CallOptions } from './transport/options.ts'
export type { TrustedKey } from './trust/trust.ts'
export type { Verbs } from './verbs.ts'
export { createWechatPay, type WechatPay, type WechatPayOptions } from './wechat-pay.ts'

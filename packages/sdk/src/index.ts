export {
  CashdeskError,
  DecryptError,
  type HeaderSource,
  KeyError,
  MessageError,
  type RequestPayment,
  SignatureError,
} from '@cashdesk/protocol'
export type {
  Code2SessionAnswer,
  DirectTransaction,
  JsapiOrder,
  NotificationEnvelope,
  PartnerJsapiOrder,
  PartnerTransaction,
  PrepayAnswer,
  TradeState,
  Transaction,
} from '@cashdesk/protocol/spec'
export type { Bills } from './bills/bills.ts'
export type { CombineInput } from './combine/order.ts'
export * from './errors.ts'
export { createMiniProgram, type MiniProgram, type MiniProgramOptions } from './mini-program/mini-program.ts'
export { NOTIFICATION_BODY_BYTES_MAX, type Notification, type RawNotification } from './notifications/receive.ts'
export type { PartnerJsapiInput } from './partner/jsapi.ts'
export { type Clock, type Fetch, type Random, systemClock, systemRandom } from './ports.ts'
export type { AbnormalRefundInput } from './refunds/abnormal.ts'
export { localSigner, type Signer } from './signers/signer.ts'
export type { JsapiInput } from './transactions/jsapi.ts'
export type { AttemptEnd, AttemptStart, Hooks } from './transport/hooks.ts'
export { nodeFetch } from './transport/node-fetch.ts'
export type { CallOptions } from './transport/transport.ts'
export type { Verbs } from './verbs.ts'
export { createWechatPay, type WechatPay, type WechatPayOptions } from './wechat-pay.ts'

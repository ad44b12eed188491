// The mini program's server API (api.weixin.qq.com), all verbs for one appid. Creating the client does no I/O.

import type { UserData } from '@cashdesk/protocol'
import type {
  Code2SessionAnswer,
  ConfirmReceiveReminder,
  PaidUnionidQuery,
  PhoneInfo,
  PhoneNumberRequest,
  ShippingOrder,
  ShippingOrderList,
  ShippingOrderListQuery,
  ShippingOrderQuery,
  SubscribeMessage,
  UrlLinkRequest,
  UrlSchemeRequest,
} from '@cashdesk/protocol/spec'
import { type Clock, type Fetch, systemClock } from '../ports.ts'
import { nodeFetch } from '../transport/node-network.ts'
import { type AccessTokenSource, stableAccessTokens } from './access-token.ts'
import { type MiniProgramCaller, miniProgramCaller } from './caller.ts'
import { code2Session } from './code2session.ts'
import { paidUnionid } from './paid-unionid.ts'
import { phoneNumber } from './phone-number.ts'
import { checkSessionKey, resetUserSessionKey, type UserSession } from './session-key.ts'
import { getShippingOrder } from './shipping/get-order.ts'
import { setMessageJumpPath } from './shipping/jump-path.ts'
import { listShippingOrders } from './shipping/list-orders.ts'
import { remindToConfirm } from './shipping/remind.ts'
import { isTradeConfirmed, isTradeManaged } from './shipping/trade-managed.ts'
import { type ShippingUploadInput, uploadShipping } from './shipping/upload.ts'
import { type CombinedShippingUploadInput, uploadCombinedShipping } from './shipping/upload-combined.ts'
import { subscribeMessage } from './subscribe-message.ts'
import { urlLink } from './url-link.ts'
import { urlScheme } from './url-scheme.ts'
import { type OpenUserDataInput, type RawDataInput, rawData, userData } from './user-data.ts'

export interface MiniProgramOptions {
  appid: string
  app_secret: string
  /** Default `https://api.weixin.qq.com`. */
  baseURL?: string | undefined
  fetch?: Fetch | undefined
  clock?: Clock | undefined
  /** Milliseconds for one exchange. Default 5000. */
  deadline_ms?: number | undefined
  /** The source of access tokens. By default this process fetches its own. */
  accessTokens?: AccessTokenSource | undefined
  /** Check requests against the spec before sending. On by default, except in production. */
  validate?: boolean | undefined
}

/** Every call throws MiniProgramApiError with WeChat's errcode, NetworkError, UntrustedAnswerError, RequestError. */
export interface MiniProgram {
  readonly appid: string
  /** Turns the code of wx.login into openid and session_key. A code works once and for 5 minutes. After any failure the phone must call wx.login again. */
  code2Session(code: string): Promise<Code2SessionAnswer>
  checkSessionKey(session: UserSession): Promise<boolean>
  resetUserSessionKey(session: UserSession): Promise<UserSession>
  phoneNumber(request: PhoneNumberRequest): Promise<PhoneInfo>
  paidUnionid(query: PaidUnionidQuery): Promise<string>
  /** Decrypts encryptedData, and checks its appid and age. @throws DecryptError, MessageError */
  openUserData(input: OpenUserDataInput): UserData
  /** The parsed rawData, after its signature was verified. @throws SignatureError */
  openRawData(input: RawDataInput): unknown
  sendSubscribeMessage(message: SubscribeMessage): Promise<void>
  urlLink(request: UrlLinkRequest): Promise<string>
  urlScheme(request: UrlSchemeRequest): Promise<string>
  /** 发货信息管理. */
  shipping: Shipping
}

export interface Shipping {
  upload(upload: ShippingUploadInput): Promise<void>
  uploadCombined(upload: CombinedShippingUploadInput): Promise<void>
  getOrder(query: ShippingOrderQuery): Promise<ShippingOrder>
  listOrders(query: ShippingOrderListQuery): Promise<ShippingOrderList>
  remindToConfirm(reminder: ConfirmReceiveReminder): Promise<void>
  setMessageJumpPath(path: string): Promise<void>
  isTradeManaged(): Promise<boolean>
  isTradeConfirmed(): Promise<boolean>
}

/** @throws TypeError if the options are not usable. */
export function createMiniProgram(options: MiniProgramOptions): MiniProgram {
  const line = {
    // The URL is parsed here once. Otherwise an invalid one would appear in a later error, with the app secret in its query.
    baseURL: new URL(options.baseURL ?? 'https://api.weixin.qq.com').href.replace(/\/+$/, ''),
    // Not the global fetch: NODE_TLS_REJECT_UNAUTHORIZED=0 turns off its certificate check, and the app secret is sent over this connection.
    fetch: options.fetch ?? nodeFetch(),
    clock: options.clock ?? systemClock,
    deadline_ms: options.deadline_ms ?? 5000,
  }
  const { appid, app_secret } = options
  const tokens = options.accessTokens ?? stableAccessTokens({ appid, app_secret }, line)
  const validate = options.validate ?? process.env['NODE_ENV'] !== 'production'
  return bind(miniProgramCaller({ ...line, appid, app_secret, tokens, validate }))
}

function bind(caller: MiniProgramCaller): MiniProgram {
  return {
    appid: caller.appid,
    code2Session: (code) => code2Session(caller, code),
    checkSessionKey: (session) => checkSessionKey(caller, session),
    resetUserSessionKey: (session) => resetUserSessionKey(caller, session),
    phoneNumber: (request) => phoneNumber(caller, request),
    paidUnionid: (query) => paidUnionid(caller, query),
    openUserData: (input) => userData(caller, input),
    openRawData: (input) => rawData(input),
    sendSubscribeMessage: (message) => subscribeMessage(caller, message),
    urlLink: (request) => urlLink(caller, request),
    urlScheme: (request) => urlScheme(caller, request),
    shipping: {
      upload: (upload) => uploadShipping(caller, upload),
      uploadCombined: (upload) => uploadCombinedShipping(caller, upload),
      getOrder: (query) => getShippingOrder(caller, query),
      listOrders: (query) => listShippingOrders(caller, query),
      remindToConfirm: (reminder) => remindToConfirm(caller, reminder),
      setMessageJumpPath: (path) => setMessageJumpPath(caller, path),
      isTradeManaged: () => isTradeManaged(caller),
      isTradeConfirmed: () => isTradeConfirmed(caller),
    },
  }
}

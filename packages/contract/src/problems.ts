// All problems of our API: RFC 9457 problem+json, each with a stable code and a sentence in English and in Chinese.

export const PROBLEMS = {
  bad_json: {
    status: 400,
    en: 'The body is not JSON in UTF-8. Send a JSON object with content-type application/json.',
    zh: '请求体不是 UTF-8 编码的 JSON。请发送 JSON 对象，content-type 为 application/json。',
  },
  body_incomplete: {
    status: 400,
    en: 'The body ended before it was complete. Nothing was written; send the request again.',
    zh: '请求体未传完即中断，未写入任何数据；请重新发送请求。',
  },
  invalid_request: {
    status: 400,
    en: 'A field is missing or not as documented; `errors` names each. Nothing was written.',
    zh: '有字段缺失或不符合文档，见 `errors`。未写入任何数据。',
  },
  idempotency_key_missing: {
    status: 400,
    en: 'Send out_trade_no, or an Idempotency-Key header: without one, a repeated request would place a second order.',
    zh: '请提供 out_trade_no 或 Idempotency-Key 头：否则重复请求会产生第二个订单。',
  },
  notification_refused: {
    status: 400,
    en: 'The notification is not one we trust. Nothing was written.',
    zh: '通知未通过验证，未写入任何数据。',
  },
  unauthorized: {
    status: 401,
    en: 'The API key is missing, unknown, expired or revoked. Send Authorization: Bearer <key>.',
    zh: 'API 密钥缺失、无效、已过期或已吊销。请发送 Authorization: Bearer <key>。',
  },
  session_invalid: { status: 401, en: 'The session is unknown or has expired. Log in again.', zh: '会话不存在或已过期，请重新登录。' },
  login_refused: {
    status: 401,
    en: 'WeChat did not accept the login code. Call wx.login again and send the new code.',
    zh: '微信不接受该登录凭证。请重新调用 wx.login 并使用新的 code。',
  },
  scope_missing: {
    status: 403,
    en: 'This API key may not do that: it lacks the scope in `scope`. Use another key, or make one with `cashdesk keys create`.',
    zh: '该 API 密钥无此权限，缺少 `scope` 所示的权限范围。请换用其他密钥，或用 `cashdesk keys create` 新建。',
  },
  key_exceeds: {
    status: 403,
    en: 'An API key makes only keys within its own scopes and its own lifetime; `errors` names what goes beyond. Use a key that has them.',
    zh: 'API 密钥只能创建权限范围与有效期不超出自身的密钥，超出之处见 `errors`。请使用具备相应权限的密钥。',
  },
  review_same_maker: {
    status: 403,
    en: 'The key that proposed this and yours have a common maker, or one made the other: that counts as one person. A key without a common maker must confirm.',
    zh: '提出该决定的密钥与本密钥由同一密钥创建，或互为创建者，视为同一人。须由无共同创建者的密钥确认。',
  },
  write_off_same_maker: {
    status: 403,
    en: 'The key that proposed this write-off and yours have a common maker, or one made the other: that counts as one person. A key without a common maker must accept.',
    zh: '提出平账的密钥与本密钥由同一密钥创建，或互为创建者，视为同一人。须由无共同创建者的密钥确认。',
  },
  bill_refused: {
    status: 422,
    en: 'This is not the bill of that day as WeChat makes it; `errors` says where. Nothing was taken. Download it again, and do not open it in a spreadsheet first.',
    zh: '该文件不是微信生成的当日账单，位置见 `errors`，未导入任何数据。请重新下载，且不要先用表格软件打开保存。',
  },
  day_not_over: {
    status: 409,
    en: 'WeChat makes the bill of a day on the next day, from 10:00 Beijing time. Ask again then.',
    zh: '微信在次日 10:00（北京时间）之后才提供当日账单，请届时再试。',
  },
  difference_settled: {
    status: 409,
    en: 'The difference is settled already, or not yet open for this. Read it again; `reopen` opens a settled one.',
    zh: '该差异已处理完毕，或当前状态不允许此操作。请重新查询；可用 `reopen` 重新打开。',
  },
  client_secret_wrong: { status: 403, en: 'The client_secret does not belong to this order.', zh: 'client_secret 与订单不符。' },
  payer_differs: {
    status: 403,
    en: 'This order was begun by another user or another mini program.',
    zh: '该订单由其他用户或其他小程序发起支付。',
  },
  not_found: { status: 404, en: 'There is no such thing here.', zh: '资源不存在。' },
  order_differs: {
    status: 409,
    en: 'This number stands for an order with other contents; `errors` names the fields.',
    zh: '该单号已用于内容不同的订单，见 `errors`。',
  },
  reference_open: {
    status: 409,
    en: 'Another open order carries this reference. Close it first, or use it.',
    zh: '该 reference 已有未完成的订单。请先关闭或继续使用它。',
  },
  reference_paid: { status: 409, en: 'An order with this reference is already paid.', zh: '该 reference 的订单已支付。' },
  order_paid: { status: 409, en: 'The order is already paid.', zh: '订单已支付。' },
  order_closed: { status: 409, en: 'The order is closed. Place a new one.', zh: '订单已关闭，请重新下单。' },
  order_expired: { status: 409, en: 'The order has expired. Place a new one.', zh: '订单已过期，请重新下单。' },
  order_in_review: {
    status: 409,
    en: 'Money arrived for this order that does not match it. A person must look first.',
    zh: '该订单收到与之不符的款项，需要人工处理。',
  },
  order_failed: {
    status: 409,
    en: 'WeChat refused this order; `wechat_code` says why. Place a new one after fixing the cause.',
    zh: '微信拒绝了该订单，原因见 `wechat_code`。请修复后重新下单。',
  },
  too_many_endpoints: { status: 409, en: 'A merchant has at most 10 webhook endpoints.', zh: '每个商户最多 10 个 webhook 地址。' },
  refund_differs: {
    status: 409,
    en: 'This number stands for a refund with other contents; `errors` names the fields.',
    zh: '该退款单号已用于内容不同的退款，见 `errors`。',
  },
  order_not_in_review: {
    status: 409,
    en: 'The order is not in review, or was decided meanwhile; ask for it and look at its state.',
    zh: '订单不在审核中，或已被处理；请查询订单状态。',
  },
  review_not_acceptable: {
    status: 409,
    en: 'WeChat does not show a payment to this merchant that could be counted. Reject it, and return the money on the merchant platform.',
    zh: '微信侧没有可计入该商户的支付。请选择 reject，并在商户平台退回款项。',
  },
  order_not_paid: { status: 409, en: 'The order is not paid, so there is nothing to refund.', zh: '订单未支付，无可退款。' },
  refund_exceeds: {
    status: 409,
    en: 'The refund is more than what is left: refunds that are asked for count too.',
    zh: '退款超过剩余可退金额（处理中的退款也计入）。',
  },
  refund_too_late: { status: 409, en: 'WeChat refunds within a year of the payment.', zh: '微信支付只支持支付后一年内退款。' },
  too_many_refunds: { status: 409, en: 'An order can be refunded in at most 50 parts.', zh: '一笔订单最多分 50 次退款。' },
  body_too_large: { status: 413, en: 'The body is larger than 64 KiB.', zh: '请求体超过 64 KiB。' },
  merchant_unclear: {
    status: 422,
    en: 'This key may act for several merchants. Say which, in `merchant`.',
    zh: '该密钥可操作多个商户，请用 `merchant` 指明。',
  },
  payer_missing: {
    status: 422,
    en: 'The order has no payer. Let the mini program pay it with its client_secret, or place it with a payer.',
    zh: '订单没有付款人。请由小程序凭 client_secret 支付，或下单时提供 payer。',
  },
  appid_unknown: { status: 422, en: 'This appid is not configured for the merchant.', zh: '该 appid 未为此商户配置。' },
  time_expire_range: {
    status: 422,
    en: 'time_expire must be between 1 minute and 7 days from now.',
    zh: 'time_expire 须在 1 分钟到 7 天之间。',
  },
  too_many_requests: {
    status: 429,
    en: 'Too many requests. Wait for as many seconds as Retry-After says, then repeat the same request.',
    zh: '请求过于频繁。请等待 Retry-After 所示的秒数后原样重试。',
  },
  internal: {
    status: 500,
    en: 'Something went wrong on our side. The request may be repeated as it is.',
    zh: '服务内部错误。可原样重试该请求。',
  },
  wechat_refused: { status: 502, en: 'WeChat refused the request; `wechat_code` says why.', zh: '微信拒绝了请求，原因见 `wechat_code`。' },
  wechat_unreachable: {
    status: 503,
    en: 'WeChat did not answer in a way that can be trusted. Whether it happened will be found out; repeat the same request.',
    zh: '未能从微信得到可信的应答。系统会查明结果；请原样重试同一请求。',
  },
  wechat_busy: {
    status: 503,
    en: 'Too many payments begin at once for this merchant. Nothing was sent to WeChat; repeat the same request after Retry-After.',
    zh: '该商户同时发起的支付过多。未向微信发送任何请求；请在 Retry-After 所示的时间后原样重试。',
  },
  overloaded: {
    status: 503,
    en: 'The server has more to do than it can answer in time. Nothing was done; repeat the same request after Retry-After.',
    zh: '服务繁忙，无法及时处理。未执行任何操作；请在 Retry-After 所示的时间后原样重试。',
  },
  store_unavailable: {
    status: 503,
    en: 'The database cannot write now. Nothing was kept; repeat the same request.',
    zh: '数据库暂时无法写入，未保存任何数据；请原样重试。',
  },
} as const

export type ProblemCode = keyof typeof PROBLEMS

export const PROBLEM_CODES: [ProblemCode, ...ProblemCode[]] = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]

/** A sentence for the buyer, in Chinese and in English. The other sentences are for developers. */
export interface BuyerSentence {
  zh: string
  en: string
}

const TRY_LATER: BuyerSentence = { zh: '支付未完成，请稍后重试。', en: 'Not paid. Try again later.' }
const CROWDED: BuyerSentence = { zh: '当前支付人数较多，请稍后重试。', en: 'Many people are paying right now. Try again shortly.' }
const CONFIRMING: BuyerSentence = { zh: '正在确认付款，请勿重复支付。', en: 'Being confirmed. Do not pay again.' }
const REORDER: BuyerSentence = { zh: '订单已失效，请重新下单。', en: 'The order has lapsed. Order again.' }
const REOPEN: BuyerSentence = { zh: '登录已失效，请重新打开小程序。', en: 'You are no longer logged in. Open the mini program again.' }

const BUYERS: Partial<Readonly<Record<ProblemCode, BuyerSentence>>> = {
  session_invalid: REOPEN,
  login_refused: REOPEN,
  payer_differs: { zh: '请用下单的微信账号支付。', en: 'Pay with the account that ordered.' },
  order_paid: { zh: '订单已支付。', en: 'Already paid.' },
  order_closed: REORDER,
  order_expired: REORDER,
  order_failed: { zh: '订单无法支付，请重新下单或联系商家。', en: 'This order cannot be paid. Order again, or contact the shop.' },
  order_in_review: CONFIRMING,
  too_many_requests: CROWDED,
  wechat_busy: CROWDED,
  overloaded: CROWDED,
  wechat_refused: { zh: '商家暂时无法收款，请联系商家。', en: 'The shop cannot take this payment now. Contact the shop.' },
  // For these codes the payment's outcome is not known yet.
  wechat_unreachable: CONFIRMING,
  store_unavailable: CONFIRMING,
  internal: CONFIRMING,
}

/** The sentence for the buyer, with the support id to quote. */
export function buyerSentence(code: ProblemCode, support_id: string): BuyerSentence {
  const { zh, en } = BUYERS[code] ?? TRY_LATER
  return { zh: `${zh}（编号 ${support_id}）`, en: `${en} (ref. ${support_id})` }
}

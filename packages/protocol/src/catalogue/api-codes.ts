// WeChat Pay's own codes (v3-protocol §12): meaning, causes, fix. Old spellings (ORDERNOTEXIST) are found too.

import { meaningOf } from '../outcome.ts'
import type { Explained } from './entry.ts'

const ENTRIES: readonly Omit<Explained, 'outcome'>[] = [
  {
    code: 'PARAM_ERROR',
    what: { en: 'A field is missing, malformed or out of range.', zh: '参数缺失、格式错误或超出范围。' },
    causes: [
      {
        en: '`detail.field` names it: yuan instead of fen, a time that is not RFC 3339, a misspelt enum, an invisible character.',
        zh: '`detail.field` 指出字段：金额单位用了元、时间不是 RFC 3339、枚举拼错、含不可见字符。',
      },
    ],
    fix: { en: 'Correct the field; do not repeat the request unchanged.', zh: '修正该字段；不要原样重试。' },
    source: 'v3-protocol §12',
  },
  {
    code: 'INVALID_REQUEST',
    what: { en: 'The request is well formed but breaks a rule.', zh: '请求格式正确，但违反业务规则。' },
    causes: [
      {
        en: 'The same number was used with other contents; the order is in a state that does not allow this.',
        zh: '同一单号内容与首次不一致；订单状态不允许该操作。',
      },
    ],
    fix: { en: 'Query by the number, then decide.', zh: '先用单号查询，再决定。' },
    source: 'v3-protocol §12',
  },
  {
    code: 'SIGN_ERROR',
    what: { en: 'The signature, the serial number or the clock is wrong.', zh: '签名、证书序列号或时间有误。' },
    causes: [
      { en: 'serial_no does not belong to the private key.', zh: 'serial_no 与私钥不匹配。' },
      {
        en: 'The body was re-serialised after signing, or the URL signed is not the one sent.',
        zh: '签名后报文被重新序列化，或签名的 URL 与发送的不一致。',
      },
      { en: 'The clock is more than 5 minutes off.', zh: '时钟偏差超过 5 分钟。' },
    ],
    fix: {
      en: 'Compare the string you signed with what was sent, byte by byte; the emulator shows its own at /_emulator/requests.',
      zh: '逐字节比较签名串与实际发送内容；模拟器在 /_emulator/requests 显示它构造的签名串。',
    },
    source: 'v3-protocol §12',
  },
  {
    code: 'NO_AUTH',
    what: { en: 'The merchant lacks the permission for this product.', zh: '商户没有该产品的权限。' },
    causes: [{ en: 'The product is not opened, or the IP address is not on the allow-list.', zh: '产品未开通，或 IP 不在白名单。' }],
    fix: { en: 'Open it in the merchant platform.', zh: '在商户平台开通。' },
    source: 'v3-protocol §12',
  },
  {
    code: 'APPID_MCHID_NOT_MATCH',
    what: { en: 'The appid is not bound to this mchid.', zh: 'appid 与 mchid 未绑定。' },
    causes: [{ en: 'The binding is missing; it takes some minutes to take effect.', zh: '未绑定；绑定后几分钟生效。' }],
    fix: { en: 'Bind them in the merchant platform.', zh: '在商户平台绑定。' },
    source: 'v3-protocol §12',
  },
  {
    code: 'MCH_NOT_EXISTS',
    what: { en: 'There is no such merchant.', zh: '商户号不存在。' },
    causes: [{ en: 'The mchid is mistyped.', zh: '商户号写错。' }],
    fix: { en: 'Check mchid, sp_mchid and sub_mchid.', zh: '检查 mchid、sp_mchid、sub_mchid。' },
    source: 'v3-protocol §12',
  },
  {
    code: 'OUT_TRADE_NO_USED',
    what: { en: 'The number stands for another order.', zh: '商户订单号已被使用。' },
    causes: [{ en: 'The same out_trade_no was ordered with other contents.', zh: '同一 out_trade_no 以不同内容下过单。' }],
    fix: { en: 'Query it: it may be paid. Use a new number for a new order.', zh: '先查询该单号（可能已支付）；新订单使用新单号。' },
    source: 'v3-protocol §12',
  },
  {
    code: 'ORDER_PAID',
    what: { en: 'The order is already paid.', zh: '订单已支付。' },
    causes: [{ en: 'A second order under a paid number, or a close of a paid order.', zh: '对已支付单号重复下单，或关闭已支付订单。' }],
    fix: { en: 'Query it and treat it as paid.', zh: '查询并按已支付处理。' },
    source: 'v3-protocol §12',
  },
  {
    code: 'ORDER_CLOSED',
    what: { en: 'The order is closed or has lapsed.', zh: '订单已关闭或已失效。' },
    causes: [{ en: 'Closed by you, past time_expire, or 7 days old.', zh: '已被关闭、超过 time_expire，或已满 7 天。' }],
    fix: { en: 'Place a new order under a new number.', zh: '使用新单号重新下单。' },
    source: 'v3-protocol §12',
  },
  {
    code: 'ORDER_NOT_EXIST',
    what: { en: 'WeChat has no such order.', zh: '订单不存在。' },
    causes: [
      {
        en: 'The number is mistyped, another mchid placed it, or the create never arrived.',
        zh: '单号写错、由其他商户号下单，或下单请求未送达。',
      },
    ],
    fix: {
      en: 'After an unknown create, repeat the same create; do not take this as proof that it will never exist.',
      zh: '下单结果未知时，原样重发下单请求；不要据此认定订单永不存在。',
    },
    source: 'v3-protocol §12',
  },
  {
    code: 'RESOURCE_NOT_EXISTS',
    what: { en: 'There is no such refund, order or certificate.', zh: '资源不存在。' },
    causes: [
      {
        en: 'The number is mistyped; the order is unpaid; the merchant has only the public key and no platform certificate.',
        zh: '单号写错；订单未支付；商户只有微信支付公钥而无平台证书。',
      },
    ],
    fix: { en: 'Check the number and who owns it.', zh: '检查单号及其归属商户。' },
    source: 'v3-protocol §12',
  },
  {
    code: 'NOT_ENOUGH',
    what: { en: 'The balance is too small.', zh: '余额不足。' },
    causes: [
      { en: 'Refund: unsettled funds do not suffice.', zh: '退款：未结算资金不足。' },
      { en: 'Profit sharing: nothing is left to share.', zh: '分账：可分金额不足。' },
    ],
    fix: { en: 'Refund: top up, then repeat with the *same* out_refund_no.', zh: '退款：充值后用*同一* out_refund_no 重试。' },
    source: 'v3-protocol §12',
  },
  {
    code: 'USER_ACCOUNT_ABNORMAL',
    what: { en: "The user's account cannot take a refund.", zh: '用户账户异常，无法退款。' },
    causes: [{ en: 'The account is closed.', zh: '账户已注销。' }],
    fix: { en: 'Refund in another way.', zh: '以其他方式退款。' },
    source: 'v3-protocol §12',
  },
  {
    code: 'RULE_LIMIT',
    what: { en: 'A rule of the platform forbids it.', zh: '业务规则限制。' },
    causes: [{ en: 'Limits of the merchant or of profit sharing.', zh: '商户或分账限制。' }],
    fix: { en: 'Read the message; adjust the limit in the merchant platform.', zh: '查看 message；在商户平台调整限制。' },
    source: 'v3-protocol §12',
  },
  {
    code: 'TRADE_ERROR',
    what: { en: 'The trade cannot be done.', zh: '交易错误。' },
    causes: [{ en: 'Risk control, or a limit of the user or merchant.', zh: '风控，或用户、商户受限。' }],
    fix: { en: 'Read the message.', zh: '查看 message。' },
    source: 'v3-protocol §12',
  },
  {
    code: 'ACCOUNT_ERROR',
    what: { en: 'The account is abnormal.', zh: '账号异常。' },
    causes: [{ en: 'The user or the merchant is restricted.', zh: '用户或商户受限。' }],
    fix: { en: 'Read the message.', zh: '查看 message。' },
    source: 'v3-protocol §12',
  },
  {
    code: 'REQUEST_BLOCKED',
    what: { en: 'The request is blocked.', zh: '请求被拦截。' },
    causes: [{ en: 'Risk control.', zh: '风控。' }],
    fix: { en: 'Contact WeChat Pay with the Request-ID.', zh: '携 Request-ID 联系微信支付。' },
    source: 'v3-protocol §12',
  },
  {
    code: 'FREQUENCY_LIMITED',
    what: { en: 'Too many requests.', zh: '请求频率超限。' },
    causes: [{ en: 'More calls than the product allows; a refund that is already under way.', zh: '超过接口频率；或退款正在处理中。' }],
    fix: { en: 'Back off and repeat the same request; for a refund, query first.', zh: '退避后原样重试；退款请先查询。' },
    source: 'v3-protocol §12',
  },
  {
    code: 'RATELIMIT_EXCEEDED',
    what: { en: 'Too many requests.', zh: '请求频率超限。' },
    causes: [{ en: 'More calls than the product allows.', zh: '超过接口频率。' }],
    fix: { en: 'Back off and repeat the same request.', zh: '退避后原样重试。' },
    source: 'v3-protocol §12',
  },
  {
    code: 'FREQUENCY_LIMIT_EXCEED',
    what: { en: 'Too many requests (transfers).', zh: '请求频率超限（转账）。' },
    causes: [{ en: 'More calls than the product allows.', zh: '超过接口频率。' }],
    fix: { en: 'Back off and repeat the same request.', zh: '退避后原样重试。' },
    source: 'v3-protocol §12',
  },
  {
    code: 'SYSTEM_ERROR',
    what: { en: 'WeChat failed; it may have happened.', zh: '系统错误，可能已经生效。' },
    causes: [{ en: 'A fault on their side; once in a while a wrong serial number.', zh: '微信侧故障；偶见于证书序列号错误。' }],
    fix: { en: 'Repeat the very same request, or query.', zh: '原样重试或查询。' },
    source: 'v3-protocol §12',
  },
  {
    code: 'BANK_ERROR',
    what: { en: 'The bank failed; it may have happened.', zh: '银行系统异常，可能已经生效。' },
    causes: [{ en: "A fault on the bank's side.", zh: '银行侧故障。' }],
    fix: { en: 'Repeat the very same request, or query.', zh: '原样重试或查询。' },
    source: 'v3-protocol §12',
  },
  {
    code: 'SERVICE_UNAVAILABLE',
    what: { en: 'WeChat is not available; it may have happened.', zh: '服务不可用，可能已经生效。' },
    causes: [{ en: 'A fault on their side.', zh: '微信侧故障。' }],
    fix: { en: 'Repeat the very same request.', zh: '原样重试。' },
    source: 'v3-protocol §12',
  },
  {
    code: 'OPENID_MISMATCH',
    what: { en: 'The openid does not belong to the appid.', zh: 'openid 与 appid 不匹配。' },
    causes: [{ en: 'The openid was taken with another appid.', zh: 'openid 是用其他 appid 获取的。' }],
    fix: { en: 'Log in with the appid that orders.', zh: '用下单的 appid 登录获取 openid。' },
    source: 'v3-protocol §12',
  },
  {
    code: 'INVALID_TRANSACTIONID',
    what: { en: 'The transaction number is not valid.', zh: '微信订单号无效。' },
    causes: [{ en: 'The number is mistyped.', zh: '单号写错。' }],
    fix: { en: 'Check it.', zh: '检查单号。' },
    source: 'v3-protocol §12',
  },
  {
    code: 'NO_STATEMENT_EXIST',
    what: { en: 'There is no bill for that day.', zh: '当日没有账单。' },
    causes: [{ en: 'No trade on that day.', zh: '当日没有交易。' }],
    fix: { en: 'Take it as an empty day.', zh: '按无交易处理。' },
    source: 'v3-protocol §12',
  },
  {
    code: 'STATEMENT_CREATING',
    what: { en: 'The bill is not ready.', zh: '账单生成中。' },
    causes: [{ en: 'Before 10:00 Beijing time.', zh: '北京时间 10:00 之前。' }],
    fix: { en: 'Ask again in 30 minutes.', zh: '30 分钟后重试。' },
    source: 'v3-protocol §12',
  },
  {
    code: 'ALREADY_EXISTS',
    what: { en: 'The number of the transfer exists.', zh: '转账单号已存在。' },
    causes: [{ en: 'The same out_bill_no was used before.', zh: '同一 out_bill_no 已使用。' }],
    fix: { en: 'Query it.', zh: '先查询。' },
    source: 'v3-protocol §12',
  },
  {
    code: 'NOT_FOUND',
    what: { en: 'There is no such transfer.', zh: '转账单不存在。' },
    causes: [{ en: 'The number is mistyped, or older than 30 days.', zh: '单号写错，或超过 30 天。' }],
    fix: { en: 'Check the number.', zh: '检查单号。' },
    source: 'v3-protocol §12',
  },
]

/** The outcomes are those of the error tables of the endpoints. */
export const API_CODES: readonly Explained[] = ENTRIES.map((entry) => ({ ...entry, outcome: meaningOf(entry.code) }))

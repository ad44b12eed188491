// The panel in two languages. The phone itself speaks Chinese, as its users do.

import { ARMABLE, FAULTS } from './faults.js'

/** @typedef {import('@cashdesk/phone').Told} Told */
/** @typedef {readonly [zh: string, en: string]} Words */

const WORDS = /** @satisfies {Record<string, Words>} */ ({
  tagline: ['微信支付，在本机完整走一遍', 'WeChat Pay, the whole way, on this machine'],
  wechat: ['微信模拟器 ↗', 'WeChat emulator ↗'],
  phone: ['手机', 'Phone'],
  password: ['支付密码 123456；其他六位数字都是错误的密码。', 'Payment password 123456; any other six digits are a wrong one.'],
  person: ['当前用户', 'Who holds the phone'],
  change: ['零钱', 'Change'],
  poor: ['零钱清空', 'No change'],
  rich: ['零钱 ¥200', 'Change ¥200'],
  orders: ['订单（以支付服务为准）', 'Orders, as the payment server knows them'],
  none: ['还没有订单：在手机上买点什么。', 'None yet: buy something on the phone.'],
  down: ['支付服务没有应答。', 'The payment server does not answer.'],
  trouble: ['故障注入', 'Trouble'],
  offline: ['手机断网', 'Phone offline'],
  kill: ['杀掉微信', 'Kill WeChat'],
  restart: ['重启支付服务', 'Restart the server'],
  restarted: ['支付服务已重启，订单都在。', 'The server was restarted; every order is still there.'],
  clock: ['微信的时钟', "WeChat's clock"],
  minute: ['+1 分钟', '+1 min'],
  hours: ['+2 小时', '+2 h'],
  real: ['恢复系统时间', 'Real time'],
  armed: ['下一次生效一次', 'strikes once, next time'],
  story: ['请求时间线', 'The story'],
  only: ['只看订单', 'Only order'],
  everything: ['全部', 'all'],
  nothing: ['还没有请求。', 'No request yet.'],
  clear: ['清空', 'Clear'],
  request: ['请求', 'Request'],
  answer: ['应答', 'Answer'],
  canonical: ['被签名的内容', 'What was signed'],
  sealed: ['通知中加密的内容', 'What was sealed in it'],
  why: ['原因', 'Why'],
  signed: ['请求验签通过', 'Request verified'],
  refused: ['请求验签失败', 'Signature refused'],
  answerSigned: ['应答带签名', 'Answer signed'],
  verified: ['通知验签通过', 'Notification verified'],
  believed: ['通知被接受', 'Notification accepted'],
  rejected: ['通知被拒绝', 'Notification refused'],
  noAnswer: ['没有应答', 'No answer'],
  number: ['订单号', 'Order'],
  goods: ['商品', 'Goods'],
  amount: ['金额', 'Amount'],
  state: ['状态', 'State'],
  refunded: ['已退', 'refunded'],
})

/** @type {Readonly<Record<Told['from'], Words>>} */
const PARTIES = { phone: ['手机', 'phone'], shop: ['小店后端', 'shop'], server: ['支付服务', 'cashdesk'], wechat: ['微信', 'WeChat'] }

/** @type {Readonly<Record<string, Words>>} */
const STATES = {
  created: ['已下单', 'created'],
  ordering: ['下单中', 'ordering'],
  pending: ['待支付', 'pending'],
  closing: ['关闭中', 'closing'],
  failed: ['失败', 'failed'],
  closed: ['已关闭', 'closed'],
  review: ['待核对', 'review'],
  paid: ['已支付', 'paid'],
}

/** What an exchange is for: who, to whom, method and path, in words. The first that fits. */
const MEANINGS = /** @type {[string, string, string][]} */ ([
  ['phone wechat POST .*/login$', '微信登录：得到 code', 'wx.login: a code'],
  ['phone wechat POST .*/cashier/open$', '打开微信收银台：核对 paySign', 'The cashier opens: paySign is checked'],
  ['phone wechat POST .*/cashier/confirm$', '输入支付密码', 'The password is entered'],
  ['phone shop POST /shoppers', '小店识别这部手机', 'The shop gets to know this phone'],
  ['phone shop GET /products', '商品列表', 'What is on the shelves'],
  ['phone shop POST /checkout', '购物车变成订单，价格由小店决定', 'The cart becomes an order, at the shop’s prices'],
  ['phone shop POST .*/refund$', '顾客申请退款', 'The shopper asks for the money back'],
  ['phone shop GET /orders', '看订单', 'Looks at orders'],
  ['shop server POST /v1/orders$', '小店下单', 'The shop places the order'],
  ['shop server POST .*/refunds', '小店退款', 'The shop refunds'],
  ['shop server POST .*/webhook_endpoints', '小店订阅事件', 'The shop subscribes to events'],
  ['shop server GET', '小店查询', 'The shop asks'],
  ['phone server POST .*/sessions$', 'code 换会话', 'The code becomes a session'],
  ['phone server POST .*/pay$', '取支付参数', 'The five fields for wx.requestPayment'],
  ['phone server GET .*/orders/', '手机查询支付结果', 'The phone asks: was it paid?'],
  ['server wechat GET /sns/jscode2session', 'code 换 openid', 'code2Session: whose code is it?'],
  ['server wechat POST /v3/pay/transactions/jsapi', 'JSAPI 下单：得到 prepay_id', 'JSAPI order: a prepay_id'],
  ['server wechat GET /v3/pay/transactions', '向微信查单', 'Asks WeChat about the order'],
  ['server wechat POST /v3/refund', '向微信申请退款', 'Asks WeChat for a refund'],
  ['server wechat GET /v3/refund', '向微信查退款', 'Asks WeChat about the refund'],
  ['wechat server POST .*/notify/payment', '微信支付通知', 'Notification of the payment'],
  ['wechat server POST .*/notify/refund', '微信退款通知', 'Notification of the refund'],
  ['server shop POST /events', '事件通知小店', 'The shop is told'],
]).map(([pattern, ...words]) => ({ pattern: new RegExp(`^${pattern}`), words }))

/** @type {0 | 1} */
let language = 0

/** @param {string} which */
export function speak(which) {
  language = which === 'en' ? 1 : 0
  document.documentElement.lang = language ? 'en' : 'zh-CN'
  for (const { element, value } of marked('words')) element.textContent = say(value)
  for (const { element, value } of marked('label')) element.ariaLabel = say(value)
}

/**
 * The page's own HTML names its words.
 *
 * @param {'words' | 'label'} mark
 */
function marked(mark) {
  return [...document.querySelectorAll(`[data-${mark}]`)].flatMap((element) => {
    const value = element instanceof HTMLElement ? element.dataset[mark] : undefined
    return value !== undefined && isWord(value) ? [{ element, value }] : []
  })
}

/** @typedef {keyof typeof WORDS} Word */
/**
 * @param {string} text
 * @returns {text is Word}
 */
function isWord(text) {
  return Object.hasOwn(WORDS, text)
}

export const spoken = () => (language ? 'en' : 'zh')
/** @param {Word} word */
export const say = (word) => WORDS[word][language]
/** @param {Told['from']} party */
export const partyName = (party) => PARTIES[party][language]
/** @param {string} state */
export const stateName = (state) => STATES[state]?.[language] ?? state
export const armable = () => ARMABLE.map((name) => ({ name, words: faultName(name) }))
/** @typedef {import('@cashdesk/emulator').FaultName} FaultName */
/** @param {FaultName} name */
export const faultName = (name) => FAULTS[name]?.[language] ?? name
/**
 * What it did to an exchange.
 *
 * @param {FaultName} name
 */
export const faultTold = (name) => (language ? FAULTS[name]?.[3] : FAULTS[name]?.[2]) ?? name
/**
 * Nobody may believe what it signed.
 *
 * @param {FaultName | undefined} name
 */
export const isUntrue = (name) => name !== undefined && FAULTS[name]?.[4] === false
/** @param {{ zh: string; en: string }} words */
export const either = (words) => (language ? words.en : words.zh)

/**
 * What people did, between the exchanges.
 *
 * @type {Readonly<Record<import('@cashdesk/phone').Mark['mark'], Words>>}
 */
const MARKS = {
  restarted: ['支付服务重启完成', 'The payment server was started anew'],
  offline: ['手机断开网络', 'The phone went offline'],
  online: ['手机恢复网络', 'The phone is online again'],
  killed: ['微信被关闭', 'WeChat was closed'],
  clock: ['微信的时钟改为', "WeChat's clock now says"],
}
/** @param {import('@cashdesk/phone').Mark} mark */
export const markTold = ({ mark, at, offset_ms = 0 }) =>
  `${MARKS[mark][language]}${mark === 'clock' ? ` ${new Date(at + offset_ms).toLocaleString(language ? 'en-GB' : 'zh-CN')}` : ''}`

/**
 * What it is for, and what went wrong with it: that takes the place of what it was to bring.
 *
 * @param {Told} exchange
 * @returns {[purpose: string, wrong?: string]}
 */
export function wordsOf(exchange) {
  const wrong = trouble(exchange)
  const colon = language ? ': ' : '：'
  return wrong ? [meaning(exchange).split(colon)[0] ?? '', colon + wrong] : [meaning(exchange)]
}

/** @param {Told} exchange */
function meaning({ from, to, method, path, request }) {
  const [plain] = path.split('?')
  const words = MEANINGS.find(({ pattern }) => pattern.test(`${from} ${to} ${method} ${plain}`))?.words
  const event = to === 'shop' && from === 'server' ? /"type":"([a-z._]+)"/.exec(request)?.[1] : undefined
  return `${words?.[language] ?? ''}${event ? ` ${event}` : ''}`
}

/**
 * Why the cashier stayed open: in the answer to the password.
 *
 * @type {Readonly<Record<string, Words>>}
 */
const TROUBLES = {
  WRONG_PASSWORD: ['密码错误，没有付款', 'wrong, nothing was paid'],
  INSUFFICIENT_CHANGE: ['零钱不足，没有付款', 'the change is short, nothing was paid'],
}
/** @type {Words} */
const OFFLINE = ['手机没有网络', 'the phone has no network']
/** @type {Words} */
const UNHEARD = ['对方没有应答', 'nobody answered']
/** @type {Readonly<Record<string, Words>>} */
const REFUSES = {
  wechat: ['微信拒绝', 'WeChat refused'],
  server: ['支付服务拒绝', 'cashdesk refused'],
  shop: ['小店拒绝', 'the shop refused'],
}

/**
 * In words; nothing when all went well.
 *
 * @param {Told} exchange
 */
function trouble({ to, status = 0, error, answer, fault }) {
  const said = fault && faultTold(fault)
  if (error !== undefined) return said ?? (error.includes('phone offline') ? OFFLINE : UNHEARD)[language]
  const body = parsed(answer)
  const detail = status >= 400 || body.errcode ? detailOf(body) : ''
  if (said) return detail && to === 'wechat' ? `${said}${language ? ` (${detail})` : `（${detail}）`}` : said
  const refused = detail ? `${REFUSES[to]?.[language] ?? ''}${language ? ': ' : '：'}${detail}` : undefined
  return TROUBLES[body.trouble ?? '']?.[language] ?? unopened(body) ?? refused
}

/**
 * What an answer may say, whoever gave it: WeChat, the server, the shop, the cashier.
 *
 * @typedef {{
 *   code?: string
 *   message?: string
 *   errcode?: number
 *   errmsg?: string
 *   wechat_code?: string
 *   trouble?: string
 *   result?: Partial<import('@cashdesk/emulator').CashierResult>
 * }} Body
 */

/**
 * The cashier did not open, or closed without a payment.
 *
 * @param {Body} body
 */
function unopened({ result }) {
  if (!result?.emulator && !result?.err_desc) return undefined
  return result.emulator ? either(result.emulator) : result.err_desc
}

/**
 * Code and sentence of a refusal, as whoever refused spells them.
 *
 * @param {Body} body
 */
function detailOf({ code, message, errcode, errmsg, wechat_code }) {
  return [wechat_code ?? code ?? errcode, message ?? errmsg].filter(Boolean).join(' ')
}

/**
 * @param {string | undefined} text
 * @returns {Body}
 */
function parsed(text) {
  try {
    return JSON.parse(text ?? '') ?? {}
  } catch {
    return {}
  }
}

// The panel in two languages. The phone itself speaks Chinese, as its users do.

const WORDS = {
  tagline: ['微信支付，在本机完整走一遍', 'WeChat Pay, the whole way, on this machine'],
  wechat: ['微信模拟器 ↗', 'WeChat emulator ↗'],
  phone: ['手机', 'Phone'],
  password: ['支付密码 123456；其他六位数字都是错误的密码。', 'Payment password 123456; any other six digits are a wrong one.'],
  person: ['谁拿着手机', 'Who holds the phone'],
  change: ['零钱', 'Change'],
  poor: ['零钱清空', 'No change'],
  rich: ['零钱 ¥200', 'Change ¥200'],
  orders: ['订单（以支付服务为准）', 'Orders, as the payment server knows them'],
  none: ['还没有订单：在手机上买点什么。', 'None yet: buy something on the phone.'],
  down: ['支付服务没有应答。', 'The payment server does not answer.'],
  trouble: ['捣乱', 'Trouble'],
  offline: ['手机断网', 'Phone offline'],
  kill: ['杀掉微信', 'Kill WeChat'],
  restart: ['重启支付服务', 'Restart the server'],
  restarted: ['支付服务已重启，订单都在。', 'The server was restarted; every order is still there.'],
  clock: ['微信的时钟', "WeChat's clock"],
  minute: ['+1 分钟', '+1 min'],
  hours: ['+2 小时', '+2 h'],
  real: ['真实时间', 'Real time'],
  armed: ['下一次生效一次', 'strikes once, next time'],
  story: ['经过', 'The story'],
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
  rejected: ['通知被拒绝', 'Notification refused'],
  noAnswer: ['没有应答', 'No answer'],
  number: ['订单号', 'Order'],
  goods: ['商品', 'Goods'],
  amount: ['金额', 'Amount'],
  state: ['状态', 'State'],
  refunded: ['已退', 'refunded'],
}

const PARTIES = { phone: ['手机', 'phone'], shop: ['小店后端', 'shop'], server: ['收银台', 'cashdesk'], wechat: ['微信', 'WeChat'] }

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

const FAULTS = {
  'notification.lost': ['通知丢失', 'Notification lost'],
  'notification.doubled': ['通知重复', 'Notification twice'],
  'notification.bad_signature': ['通知签名错误', 'Notification badly signed'],
  'notification.forged': ['伪造的通知', 'Forged notification'],
  'answer.lost': ['微信的应答丢失', 'WeChat’s answer lost'],
  'answer.bad_signature': ['应答签名错误', 'Answer badly signed'],
}

/** What an exchange is for: who, to whom, method and path, in words. The first that fits. */
const MEANINGS = [
  ['phone wechat POST .*/login$', '微信登录：得到 code', 'wx.login: a code'],
  ['phone wechat POST .*/cashier/open$', '打开收银台：核对 paySign', 'The cashier opens: paySign is checked'],
  ['phone wechat POST .*/cashier/confirm$', '输入支付密码', 'The password is entered'],
  ['phone shop POST /shoppers', '小店认识这部手机', 'The shop gets to know this phone'],
  ['phone shop GET /products', '看看有什么', 'What is on the shelves'],
  ['phone shop POST /checkout', '购物车变成订单，价格由小店决定', 'The cart becomes an order, at the shop’s prices'],
  ['phone shop POST .*/refund$', '顾客申请退款', 'The shopper asks for the money back'],
  ['phone shop GET /orders', '看订单', 'Looks at orders'],
  ['shop server POST /v1/orders$', '小店下单', 'The shop places the order'],
  ['shop server POST .*/refunds', '小店退款', 'The shop refunds'],
  ['shop server POST .*/webhook_endpoints', '小店订阅事件', 'The shop subscribes to events'],
  ['shop server GET', '小店查询', 'The shop asks'],
  ['phone server POST .*/sessions$', 'code 换会话', 'The code becomes a session'],
  ['phone server POST .*/pay$', '取支付参数', 'The five fields for wx.requestPayment'],
  ['phone server GET .*/orders/', '手机问：付成了吗', 'The phone asks: was it paid?'],
  ['server wechat GET /sns/jscode2session', 'code 换 openid', 'code2Session: whose code is it?'],
  ['server wechat POST /v3/pay/transactions/jsapi', 'JSAPI 下单：得到 prepay_id', 'JSAPI order: a prepay_id'],
  ['server wechat GET /v3/pay/transactions', '向微信查单', 'Asks WeChat about the order'],
  ['server wechat POST /v3/refund', '向微信申请退款', 'Asks WeChat for a refund'],
  ['server wechat GET /v3/refund', '向微信查退款', 'Asks WeChat about the refund'],
  ['wechat server POST .*/notify/payment', '微信支付通知', 'WeChat notifies: paid'],
  ['wechat server POST .*/notify/refund', '微信退款通知', 'WeChat notifies: refunded'],
  ['server shop POST /events', '事件通知小店', 'The shop is told'],
].map(([pattern, ...words]) => [new RegExp(`^${pattern}`), words])

let language = 0

export function speak(which) {
  language = which === 'en' ? 1 : 0
  document.documentElement.lang = language ? 'en' : 'zh-CN'
  for (const element of document.querySelectorAll('[data-words]')) element.textContent = say(element.dataset.words)
  for (const element of document.querySelectorAll('[data-label]')) element.ariaLabel = say(element.dataset.label)
}

export const spoken = () => (language ? 'en' : 'zh')
export const say = (word) => WORDS[word][language]
export const partyName = (party) => PARTIES[party][language]
export const stateName = (state) => STATES[state]?.[language] ?? state
export const faultNames = () => Object.entries(FAULTS).map(([name, words]) => [name, words[language]])
export const faultName = (name) => FAULTS[name]?.[language] ?? name
export const either = (words) => (language ? words.en : words.zh)

/** Why the cashier stayed open: in the answer to the password. */
const TROUBLES = {
  WRONG_PASSWORD: ['：密码错误，没有付款', ': wrong, nothing was paid'],
  INSUFFICIENT_CHANGE: ['：零钱不足，没有付款', ': the change is short, nothing was paid'],
}
const LOST = ['：在途中丢失，微信稍后重发', ': lost on the way; WeChat sends it again later']

export function meaning({ from, to, method, path, request, answer, lost }) {
  const [plain] = path.split('?')
  const words = MEANINGS.find(([pattern]) => pattern.test(`${from} ${to} ${method} ${plain}`))?.[1]
  const event = to === 'shop' && from === 'server' ? /"type":"([a-z._]+)"/.exec(request)?.[1] : undefined
  const trouble = TROUBLES[/"trouble":"([A-Z_]+)"/.exec(answer ?? '')?.[1]]
  const end = lost ? LOST[language] : (trouble?.[language] ?? '')
  return `${words?.[language] ?? ''}${event ? ` ${event}` : ''}${end}`
}

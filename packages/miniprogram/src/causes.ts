// The reasons for a payment that did not happen: WeChat's known error texts, or its errno if the platform sends one, with a sentence for the buyer and
// the cause for the developer. The developer's text is Chinese only, like the detail that the server sends, because the bundle is limited to 4 kB.

/** A sentence for the buyer, in Chinese and in English. */
export type Buyer = readonly [zh: string, en: string]

export const TRY_LATER: Buyer = ['支付未完成，请稍后重试。', 'Not paid. Try again later.']
export const PENDING: Buyer = ['正在确认付款，请勿重复支付。', 'Being confirmed. Do not pay again.']
const CANCELLED: Buyer = ['已取消支付。', 'Payment cancelled.']
const REORDER: Buyer = ['订单已失效，请重新下单。', 'The order has lapsed. Order again.']
const ACCOUNT: Buyer = ['请用下单的微信账号支付。', 'Pay with the account that ordered.']
const PAID: Buyer = ['订单已支付。', 'Already paid.']
const MERCHANT: Buyer = ['商家暂时无法收款。', 'The shop cannot take payments now.']
const NETWORK: Buyer = ['网络异常，请稍后重试。', 'No network. Try again later.']

export interface Cause {
  errno: readonly number[]
  words: RegExp
  buyer: Buyer
  /** For the developer. */
  developer: string
}

const cause = (errno: readonly number[], words: RegExp, buyer: Buyer, developer = buyer[0]): Cause => ({ errno, words, buyer, developer })

/** The first match counts. Texts overlap (`appid与openid不匹配` is about the openid), so the order matters. */
export const CAUSES: readonly Cause[] = [
  cause([1, 104], /cancel/, CANCELLED),
  cause([], /签名|verify signature/i, TRY_LATER, '支付签名验证失败。'),
  cause([], /账号不一致/, ACCOUNT),
  cause([], /openid/i, ACCOUNT, 'openid 不属于这个小程序。'),
  cause([], /mch_?id|MCHID/, MERCHANT, 'appid 与商户号未绑定。'),
  cause([], /缺少参数/, TRY_LATER, 'prepay_id 无效或已超过 2 小时。'),
  cause([], /appid/i, TRY_LATER, '下单的 appid 与当前小程序不一致。'),
  cause([], /已支付/, PAID),
  cause([], /失效|已关闭/, REORDER),
  cause([], /重入|订单号重复/, REORDER, '订单号已用于另一笔订单。'),
  cause([], /场景非法|支付方式存在异常/, TRY_LATER, '当前场景不能支付。'),
  cause([3, 102, 103, 700001], /no permission|access denied|banned|denied|违规/, MERCHANT, '小程序的支付权限被关闭。'),
  cause([], /交易权限|NO_AUTH|已被限制/, MERCHANT),
  cause([], /iOS/, MERCHANT, 'iOS 上不能购买虚拟商品。'),
  cause([600002], /domain list/, TRY_LATER, '服务器域名不在合法域名列表中。'),
  cause([5, 600001, 600003], /time ?out|interrupted|network|net::/i, NETWORK),
]

export const UNKNOWN_CAUSE: Cause = cause([], /./, TRY_LATER, '原因未知。')

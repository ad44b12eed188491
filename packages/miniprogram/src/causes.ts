// WeChat's many words for why a payment did not happen, each with what it means: seen texts, and the errno where the platform gives one.

export interface Cause {
  errno: readonly number[]
  words: RegExp
  zh: string
  en: string
}

const cause = (errno: readonly number[], words: RegExp, zh: string, en: string): Cause => ({ errno, words, zh, en })

/** The first that fits. Texts overlap (`appid与openid不匹配` is about the openid), so the order counts. */
export const CAUSES: readonly Cause[] = [
  cause([1, 104], /cancel/, '用户取消了支付。', 'The user closed the cashier.'),
  cause(
    [],
    /签名|verify signature/i,
    '支付签名验证失败：请原样传递服务端返回的五个字段。',
    'WeChat refused the pay signature: pass the five fields on exactly as the server sent them.',
  ),
  cause(
    [],
    /账号不一致/,
    '支付账号与下单账号不一致：请重新下单。',
    'Another WeChat account pays than the one that ordered: place a new order.',
  ),
  cause([], /openid/i, 'openid 不属于这个小程序：请重新登录。', 'The openid belongs to another program: log in again.'),
  cause(
    [],
    /mch_?id|MCHID/,
    'appid 与商户号未绑定：请在商户平台绑定。',
    'The appid is not bound to the merchant: bind it in the merchant platform.',
  ),
  cause(
    [],
    /缺少参数/,
    'prepay_id 无效或已超过 2 小时：请重新发起支付。',
    'The prepay_id is unusable or older than 2 hours: start the payment again.',
  ),
  cause([], /appid/i, '下单的 appid 与当前小程序不一致。', 'The order was placed for another appid than this program.'),
  cause([], /已支付/, '订单已支付。', 'The order is already paid.'),
  cause([], /失效|已关闭/, '订单已失效：请重新下单。', 'The order has lapsed: place a new one.'),
  cause([], /重入|订单号重复/, '订单号已用于另一笔订单：请重新下单。', 'The number belongs to another order: place a new one.'),
  cause(
    [],
    /场景非法|支付方式存在异常/,
    '当前场景不能支付：请在微信小程序内重新下单支付。',
    'This cannot be paid here: order again inside the mini program.',
  ),
  cause(
    [3, 102, 103, 700001],
    /no permission|access denied|banned|denied|违规/,
    '小程序的支付权限被关闭：请查看小程序后台通知。',
    "The program's payment is switched off: see the notices in its console.",
  ),
  cause(
    [],
    /交易权限|NO_AUTH|已被限制/,
    '商户暂不能收款：请在商户平台查看产品权限与风险处理。',
    'The merchant cannot take payments now: see permissions and risk notices in the merchant platform.',
  ),
  cause([], /iOS/, 'iOS 上不能以普通支付购买虚拟商品。', 'Virtual goods cannot be bought with ordinary payment on iOS.'),
  cause(
    [600002],
    /domain list/,
    '服务器域名不在小程序的合法域名列表中。',
    "The server's domain is not in the program's list of allowed domains.",
  ),
  cause(
    [5, 600001, 600003],
    /time ?out|interrupted|network|net::/i,
    '网络异常：请检查网络后重试。',
    'The network failed: check it and try again.',
  ),
]

export const UNKNOWN_CAUSE: Pick<Cause, 'zh' | 'en'> = {
  zh: '支付未完成，请稍后重试。',
  en: 'The payment did not complete. Try again later.',
}

// Messages that a user of the mini program sees when a payment fails (go-live §5). They are found by a part of the text.

import type { Explained } from './entry.ts'

export const CLIENT_MESSAGES: readonly Explained[] = [
  {
    code: '支付验证签名失败',
    what: { en: 'The phone says that the pay signature is wrong.', zh: '支付签名验证失败。' },
    causes: [
      {
        en: "`package` is not `prepay_id=…`; another private key than the order's, or a platform key; not exactly four lines that end with LF.",
        zh: '`package` 不是 `prepay_id=…`；私钥与下单时不同，或误用平台密钥；不是恰好四行并以 LF 结尾。',
      },
      {
        en: 'timeStamp or nonceStr differ from the signed ones, or milliseconds were used.',
        zh: 'timeStamp 或 nonceStr 与签名时不同，或用了毫秒。',
      },
    ],
    fix: { en: 'Let the server make all five fields at once and pass them on untouched.', zh: '由服务端一次生成五个字段并原样传递。' },
    source: 'go-live §5',
  },
  {
    code: '缺少参数',
    what: { en: 'A misleading text for any bad prepay_id.', zh: 'JSAPI缺少参数。' },
    causes: [
      {
        en: '`package` malformed; prepay_id empty or older than 2 hours; the appid of the order is not the running program.',
        zh: '`package` 格式错误；prepay_id 为空或超过 2 小时；下单 appid 不是当前小程序。',
      },
    ],
    fix: { en: 'Check `package`; order again after 2 hours.', zh: '检查 `package`；超过 2 小时重新下单。' },
    source: 'go-live §5',
  },
  {
    code: 'no permission',
    what: { en: 'Payment of this program is switched off.', zh: '支付功能暂时无法使用。' },
    causes: [
      {
        en: 'Service category, trading rules, or shipping management not connected (also: access denied, banned, errno 102).',
        zh: '服务类目、交易规则，或未接入发货管理（亦见 access denied、banned、errno 102）。',
      },
    ],
    fix: { en: "See the notices in the program's console.", zh: '查看小程序后台通知。' },
    source: 'go-live §5',
  },
  {
    code: '当前商户该支付方式存在异常',
    what: { en: 'The prepay_id is of another product.', zh: '当前商户该支付方式存在异常，暂时无法支付。' },
    causes: [
      {
        en: 'Not a JSAPI prepay_id; or the program was opened from an app or an H5 page.',
        zh: '不是 JSAPI 的 prepay_id；或从 App、H5 打开小程序。',
      },
    ],
    fix: { en: 'Order by JSAPI, pay inside WeChat.', zh: '使用 JSAPI 下单，在微信内支付。' },
    source: 'go-live §5',
  },
  {
    code: '支付场景非法',
    what: { en: 'Ordered for one scene, paid in another.', zh: '支付场景非法。' },
    causes: [{ en: 'The prepay_id is used outside its scene.', zh: 'prepay_id 在其他场景使用。' }],
    fix: { en: 'Order for the scene that pays.', zh: '为实际支付场景下单。' },
    source: 'go-live §5',
  },
  {
    code: 'appid与openid不匹配',
    what: { en: 'The openid belongs to another appid.', zh: 'appid与openid不匹配。' },
    causes: [
      { en: 'The openid was taken with another appid (also: 无效的openid).', zh: 'openid 由其他 appid 获取（亦见：无效的openid）。' },
    ],
    fix: { en: 'Take it by code2Session of the same appid.', zh: '用同一 appid 的 code2Session 获取。' },
    source: 'go-live §5',
  },
  {
    code: '下单账号与支付账号不一致',
    what: { en: 'Another user pays than the one who ordered.', zh: '下单账号与支付账号不一致。' },
    causes: [{ en: 'The order was shared.', zh: '订单被转给他人支付。' }],
    fix: { en: 'Place a new order for that user.', zh: '为该用户重新下单。' },
    source: 'go-live §5',
  },
  {
    code: '商户号该产品权限未开通',
    what: { en: 'The product is not opened.', zh: '商户号该产品权限未开通。' },
    causes: [{ en: 'JSAPI is not opened for the mchid.', zh: '商户号未开通 JSAPI 支付。' }],
    fix: { en: 'Open it in the merchant platform.', zh: '在商户平台开通。' },
    source: 'go-live §5',
  },
  {
    code: 'http header中的mchid与post payload中的mchid不匹配',
    what: { en: 'Authorization and body name different merchants.', zh: 'http header中的mchid与post payload中的mchid不匹配。' },
    causes: [{ en: 'A partner must sign as sp_mchid.', zh: '服务商必须以 sp_mchid 签名。' }],
    fix: { en: 'Sign with the mchid of the body.', zh: '用报文中的商户号签名。' },
    source: 'go-live §5',
  },
  {
    code: 'requestPayment:fail cancel',
    what: { en: 'The user closed the cashier, or dismissed an error that WeChat showed.', zh: '用户取消支付。' },
    causes: [{ en: 'A wish to leave; or an error page of WeChat was closed.', zh: '用户主动离开；或关闭了微信的错误页。' }],
    fix: {
      en: 'Query before you conclude: it can hide a real payment or a configuration error.',
      zh: '下结论前先查询：可能已支付，也可能掩盖配置错误。',
    },
    source: 'go-live §5',
  },
]

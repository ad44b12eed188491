// WeChat's internal code: the number after the last `-` of a Request-ID (v3-protocol §11). It is more specific than the code in the answer.

import type { Explained } from './entry.ts'

export const REQUEST_ID_CODES: readonly Explained[] = [
  {
    code: '268512771',
    what: { en: 'The order does not exist.', zh: '订单不存在。' },
    causes: [
      {
        en: 'The number is mistyped; another mchid placed it; the order call itself failed; a refund of an unpaid order.',
        zh: '单号写错；由其他商户号下单；下单本身失败；对未支付订单退款。',
      },
    ],
    fix: { en: 'Query with the mchid that ordered.', zh: '用下单的商户号查询。' },
    source: 'go-live §4',
  },
  {
    code: '268447840',
    what: { en: 'Too many requests.', zh: '请求频率超过限制。' },
    causes: [{ en: 'Too many calls.', zh: '调用过多。' }],
    fix: { en: 'Back off exponentially; ask for a higher quota.', zh: '指数退避；申请提高额度。' },
    source: 'go-live §4',
  },
  {
    code: '268435461',
    what: { en: 'A parameter is not valid.', zh: '参数非法。' },
    causes: [
      {
        en: 'Yuan instead of fen; a time that is not RFC 3339; a missing field; a misspelt enum; an invisible character (full-width blank, BOM).',
        zh: '金额用了元；时间不是 RFC 3339；缺字段；枚举拼错；不可见字符（全角空格、BOM）。',
      },
    ],
    fix: { en: 'Correct the field.', zh: '修正字段。' },
    source: 'go-live §4',
  },
  {
    code: '268449538',
    what: { en: 'The order is already paid.', zh: '订单已支付。' },
    causes: [{ en: 'The number was used again after payment; a paid order was closed.', zh: '支付后复用单号；关闭已支付订单。' }],
    fix: { en: 'Query first; a paid order can only be refunded.', zh: '先查询；已支付订单只能退款。' },
    source: 'go-live §4',
  },
  {
    code: '268498689',
    what: { en: 'The order is already paid.', zh: '该订单已支付。' },
    causes: [{ en: 'The number was used again after payment.', zh: '支付后复用单号。' }],
    fix: { en: 'Query first; a paid order can only be refunded.', zh: '先查询；已支付订单只能退款。' },
    source: 'go-live §4',
  },
  {
    code: '270924358',
    what: { en: 'There is a field that the API does not know.', zh: '参数中含有非法的额外参数。' },
    causes: [{ en: 'A misspelt field; v2 and v3 names mixed.', zh: '字段拼错；混用 v2 与 v3 字段名。' }],
    fix: { en: 'Remove the field.', zh: '删除该字段。' },
    source: 'go-live §4',
  },
  {
    code: '268443715',
    what: { en: 'The merchant is frozen or cancelled.', zh: '商户状态为不可用或者已经注销。' },
    causes: [{ en: 'Frozen or cancelled.', zh: '商户被冻结或已注销。' }],
    fix: { en: 'Contact WeChat Pay.', zh: '联系微信支付。' },
    source: 'go-live §4',
  },
  {
    code: '268447843',
    what: { en: "The order is another merchant's.", zh: '商户号和订单不匹配。' },
    causes: [{ en: "Another merchant's number.", zh: '使用了其他商户的单号。' }],
    fix: { en: 'Use the mchid that ordered.', zh: '使用下单的商户号。' },
    source: 'go-live §4',
  },
  {
    code: '268443705',
    what: { en: 'sub_mchid equals the own mchid.', zh: '子商户mchid不能与自身mchid相同。' },
    causes: [{ en: 'sub_mchid must be the sub-merchant.', zh: 'sub_mchid 必须是特约商户。' }],
    fix: { en: 'Give the sub-merchant.', zh: '填写特约商户号。' },
    source: 'go-live §4',
  },
  {
    code: '268447914',
    what: { en: 'The order has lapsed.', zh: '该订单已失效。' },
    causes: [
      {
        en: 'Closed; older than 7 days; past time_expire; the prepay_id is older than 2 hours.',
        zh: '已关闭；超过 7 天；超过 time_expire；prepay_id 超过 2 小时。',
      },
    ],
    fix: { en: 'Order again under a new out_trade_no.', zh: '用新的 out_trade_no 重新下单。' },
    source: 'go-live §4',
  },
  {
    code: '268443704',
    what: { en: 'A service provider must give sub_mchid.', zh: '受理机构必须传入sub_mch_id。' },
    causes: [{ en: 'sub_mchid is missing.', zh: '缺少 sub_mchid。' }],
    fix: { en: 'Give sub_mchid in every call.', zh: '每次调用都传 sub_mchid。' },
    source: 'go-live §4',
  },
  {
    code: '268448010',
    what: { en: "The merchant's receiving is restricted.", zh: '此商家的收款功能已被限制。' },
    causes: [{ en: 'Risk control.', zh: '风控。' }],
    fix: { en: 'The merchant must appeal.', zh: '商户需申诉。' },
    source: 'go-live §4',
  },
  {
    code: '268449641',
    what: { en: 'This trade can only be reversed, not closed.', zh: '当前交易不允许进行普通关单（只能撤销）。' },
    causes: [{ en: 'A code payment.', zh: '付款码支付。' }],
    fix: { en: 'Reverse it instead.', zh: '改用撤销。' },
    source: 'go-live §4',
  },
  {
    code: '268447845',
    what: { en: "The order is another sub-merchant's.", zh: '子商户号和订单信息不匹配。' },
    causes: [{ en: 'Another sub-merchant.', zh: '使用了其他特约商户号。' }],
    fix: { en: 'Use the sub-merchant that ordered.', zh: '使用下单的特约商户号。' },
    source: 'go-live §4',
  },
  {
    code: '268443699',
    what: { en: 'The signature is wrong.', zh: '签名错误。' },
    causes: [
      {
        en: 'serial_no does not belong to the key; line feeds, URL, the empty-body line; a clock more than 5 minutes off.',
        zh: 'serial_no 与私钥不符；换行、URL、空报文行；时钟偏差超过 5 分钟。',
      },
    ],
    fix: { en: 'Compare the string you signed with what was sent.', zh: '比较签名串与实际发送内容。' },
    source: 'go-live §4',
  },
  {
    code: '268501013',
    what: { en: 'JSAPI needs an openid.', zh: 'JSAPI支付必须传openid。' },
    causes: [{ en: 'payer.openid is missing.', zh: '缺少 payer.openid。' }],
    fix: { en: 'Log in and give the openid.', zh: '登录并传入 openid。' },
    source: 'go-live §4',
  },
  {
    code: '268443701',
    what: { en: 'The sub-merchant has not authorised the provider.', zh: '受理关系不存在。' },
    causes: [{ en: 'Not authorised yet; it takes about 10 minutes.', zh: '尚未授权；授权后约 10 分钟生效。' }],
    fix: { en: 'Let the sub-merchant authorise the product.', zh: '请特约商户授权该产品。' },
    source: 'go-live §4',
  },
  {
    code: '268498688',
    what: { en: 'The same out_trade_no was used with other parameters.', zh: '请求重入时，参数与首次请求时不一致。' },
    causes: [
      {
        en: 'An amount, description, attach, notify_url or time_expire changed between two orders under one number.',
        zh: '同一单号两次下单之间金额、描述、attach、notify_url 或 time_expire 有变化。',
      },
      { en: 'The number was closed before it was ever ordered: that burns it.', zh: '单号在下单之前被关闭过：该单号即作废。' },
    ],
    fix: {
      en: 'Close the old order, then use a new number. To renew a prepay_id, repeat the first request byte for byte.',
      zh: '关闭旧订单后使用新单号；若要刷新 prepay_id，请逐字节重发首次请求。',
    },
    source: 'go-live §4',
  },
  {
    code: '268445527',
    what: { en: 'The appid is not bound to the mchid.', zh: 'appid和mch_id不匹配。' },
    causes: [{ en: 'The binding is missing; it takes minutes to take effect.', zh: '未绑定；绑定后几分钟生效。' }],
    fix: { en: 'Bind them in the merchant platform.', zh: '在商户平台绑定。' },
    source: 'go-live §4',
  },
  {
    code: '268435464',
    what: { en: 'A parameter is out of range.', zh: '参数超出取值范围。' },
    causes: [{ en: 'An amount or a length out of range.', zh: '金额或长度超限。' }],
    fix: { en: 'Correct it.', zh: '修正参数。' },
    source: 'go-live §4',
  },
]

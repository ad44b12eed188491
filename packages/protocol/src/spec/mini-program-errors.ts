// The error codes of api.weixin.qq.com (miniprogram-server-api §0, §8): the outcome and what to do. Never match on errmsg.

import type { Meaning } from '../endpoints/v3-errors.ts'

export interface MiniProgramErrorSpec {
  errcode: number
  /** As WeChat writes or describes it. */
  errmsg: string
  meaning: Meaning
  /** What to do, if that is not obvious. */
  hint?: string
}

export const MINI_PROGRAM_ERRORS: readonly MiniProgramErrorSpec[] = [
  { errcode: -1, errmsg: 'system error', meaning: 'unknown', hint: 'WeChat is busy: ask, or try again later.' },
  {
    errcode: 40001,
    errmsg: 'invalid credential, access_token is invalid or not latest',
    meaning: 'refused',
    hint: 'Another process renewed the token, or the AppSecret is another one.',
  },
  { errcode: 40002, errmsg: 'invalid grant_type', meaning: 'refused' },
  { errcode: 40003, errmsg: 'invalid openid', meaning: 'refused', hint: 'The openid belongs to another appid.' },
  { errcode: 40013, errmsg: 'invalid appid', meaning: 'refused', hint: 'The code or the secret belongs to another appid.' },
  { errcode: 40014, errmsg: 'invalid access_token', meaning: 'refused' },
  {
    errcode: 40029,
    errmsg: 'invalid code',
    meaning: 'refused',
    hint: 'Unknown, older than 5 minutes, or of another appid: the phone must get a new one.',
  },
  { errcode: 40037, errmsg: 'invalid template_id', meaning: 'refused' },
  { errcode: 40097, errmsg: 'invalid args', meaning: 'refused' },
  { errcode: 40125, errmsg: 'invalid appsecret', meaning: 'refused' },
  { errcode: 40163, errmsg: 'code been used', meaning: 'refused', hint: 'A code works once: the phone must get a new one.' },
  {
    errcode: 40164,
    errmsg: 'invalid ip, not in whitelist',
    meaning: 'refused',
    hint: "Add the server's address to the API whitelist in the console.",
  },
  { errcode: 40226, errmsg: 'code blocked', meaning: 'refused', hint: 'WeChat takes the user for a risk: do not try again.' },
  { errcode: 40243, errmsg: 'AppSecret 已被冻结', meaning: 'refused', hint: 'Unfreeze the AppSecret in the console.' },
  { errcode: 41002, errmsg: 'appid missing', meaning: 'refused' },
  { errcode: 41004, errmsg: 'appsecret missing', meaning: 'refused' },
  { errcode: 41008, errmsg: 'missing code', meaning: 'refused' },
  { errcode: 42001, errmsg: 'access_token expired', meaning: 'refused' },
  { errcode: 43002, errmsg: 'require POST method', meaning: 'refused' },
  {
    errcode: 43101,
    errmsg: 'user refuse to accept the msg',
    meaning: 'refused',
    hint: 'The user did not subscribe to this template, or the subscription is used up.',
  },
  { errcode: 43107, errmsg: '订阅消息能力封禁', meaning: 'refused' },
  { errcode: 43108, errmsg: '并发下发消息给同一个粉丝', meaning: 'retry' },
  { errcode: 44990, errmsg: '频率限制', meaning: 'retry' },
  { errcode: 45009, errmsg: 'reach max api daily quota limit', meaning: 'retry', hint: 'The quota of the day is used up.' },
  { errcode: 45011, errmsg: 'api minute-quota reach limit mustslower retry next minute', meaning: 'retry' },
  { errcode: 45168, errmsg: '敏感词', meaning: 'refused' },
  {
    errcode: 47001,
    errmsg: 'data format error',
    meaning: 'refused',
    hint: 'A field has another JSON type than documented: enums are numbers.',
  },
  { errcode: 47003, errmsg: 'argument invalid', meaning: 'refused', hint: 'A value breaks the rule of its keyword.' },
  { errcode: 48001, errmsg: 'api unauthorized', meaning: 'refused', hint: 'The account has not opened this capability.' },
  { errcode: 50004, errmsg: '禁止使用 token 接口', meaning: 'refused' },
  { errcode: 50007, errmsg: '账号已冻结', meaning: 'refused' },
  { errcode: 87007, errmsg: 'session_key is not existd or expired', meaning: 'refused', hint: 'The phone must log in again.' },
  { errcode: 87008, errmsg: 'invalid sig_method', meaning: 'refused' },
  {
    errcode: 87009,
    errmsg: 'invalid signature',
    meaning: 'refused',
    hint: 'The session_key is not the newest of this user: the phone must log in again.',
  },
  { errcode: 89002, errmsg: '没有绑定开放平台账号', meaning: 'refused' },
  { errcode: 89300, errmsg: '订单无效', meaning: 'refused', hint: 'Later than 5 minutes after the payment, or of another user.' },
  { errcode: 89503, errmsg: '此 IP 正在等待管理员确认', meaning: 'retry' },
  { errcode: 89506, errmsg: '24 小时内该 IP 被管理员拒绝调用两次', meaning: 'refused' },
  { errcode: 89507, errmsg: '1 小时内该 IP 被管理员拒绝调用一次', meaning: 'refused' },
  { errcode: 10060001, errmsg: '支付单不存在', meaning: 'retry', hint: 'A payment takes about a minute to be visible here.' },
  { errcode: 10060002, errmsg: '支付单已完成发货，无法继续发货', meaning: 'refused' },
  { errcode: 10060003, errmsg: '支付单已使用重新发货机会', meaning: 'refused' },
  { errcode: 10060004, errmsg: '支付单处于不可发货的状态', meaning: 'refused', hint: 'Refunded, or already received.' },
  { errcode: 10060005, errmsg: '物流类型有误', meaning: 'refused' },
  { errcode: 10060006, errmsg: '非快递发货时不允许分拆发货', meaning: 'refused' },
  { errcode: 10060007, errmsg: '分拆发货模式下必须填写 is_all_delivered', meaning: 'refused' },
  { errcode: 10060008, errmsg: '商品描述字段不能为空', meaning: 'refused' },
  { errcode: 10060009, errmsg: '商品描述字段太长', meaning: 'refused' },
  { errcode: 10060011, errmsg: 'last_index 不合法', meaning: 'refused' },
  { errcode: 10060012, errmsg: '系统错误', meaning: 'unknown' },
  { errcode: 10060014, errmsg: '参数错误', meaning: 'refused' },
  { errcode: 10060019, errmsg: '系统错误', meaning: 'unknown' },
  { errcode: 10060020, errmsg: '该笔支付单在没有任何商品描述的情况下不允许完成发货', meaning: 'refused' },
  { errcode: 10060023, errmsg: '发货信息未更新', meaning: 'refused', hint: 'The same was uploaded before: nothing to do.' },
  { errcode: 10060024, errmsg: '物流信息列表太长', meaning: 'refused' },
  { errcode: 10060025, errmsg: '物流公司编码太长', meaning: 'refused' },
  { errcode: 10060026, errmsg: '物流单号太长', meaning: 'refused' },
  { errcode: 10060028, errmsg: '支付单不是已发货状态', meaning: 'refused' },
  { errcode: 10060029, errmsg: '签收时间非法', meaning: 'refused' },
  { errcode: 10060030, errmsg: '已使用提醒收货机会', meaning: 'refused' },
  { errcode: 10060031, errmsg: '支付单不属于该 openid', meaning: 'refused' },
  { errcode: 10060032, errmsg: '只有物流快递可提醒收货', meaning: 'refused' },
  { errcode: 268485194, errmsg: '订单单号类型非法', meaning: 'refused' },
  { errcode: 268485195, errmsg: '缺少 transaction_id', meaning: 'refused' },
  { errcode: 268485196, errmsg: '缺少 mchid', meaning: 'refused' },
  { errcode: 268485197, errmsg: '缺少 out_trade_no', meaning: 'refused' },
  { errcode: 268485216, errmsg: 'upload_time 非 RFC 3339', meaning: 'refused' },
  { errcode: 268485224, errmsg: '发货模式非法', meaning: 'refused' },
  { errcode: 268485226, errmsg: '缺少物流单号', meaning: 'refused' },
  { errcode: 268485227, errmsg: '缺少物流公司', meaning: 'refused' },
  { errcode: 268485228, errmsg: '统一发货的物流列表长度必须为 1', meaning: 'refused' },
]

const BY_ERRCODE = new Map(MINI_PROGRAM_ERRORS.map((one) => [one.errcode, one]))

/** The entry of an errcode. For an unknown errcode the outcome is unknown. */
export function miniProgramErrorSpec(errcode: number): MiniProgramErrorSpec {
  return BY_ERRCODE.get(errcode) ?? { errcode, errmsg: '', meaning: 'unknown' }
}

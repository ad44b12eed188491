// Texts that users and developers have seen, and their meaning.

import { describe, expect, test } from 'vitest'
import { explain, resultOf } from '../src/index.ts'

describe('texts that WeChat was seen to send', () => {
  test.each([
    ['requestPayment:fail cancel', '已取消支付'],
    ['支付验证签名失败', '支付签名验证失败'],
    ['支付签名验证失败', '支付签名验证失败'],
    ['Unable to verify signature', '支付签名验证失败'],
    ['调用支付JSAPI缺少参数: total_fee', 'prepay_id 无效'],
    ['缺少参数 appid', 'prepay_id 无效'],
    ['商户传入的appid参数不正确', '下单的 appid 与当前小程序不一致'],
    ['appid和mch_id不匹配', 'appid 与商户号未绑定'],
    ['APPID_MCHID_NOT_MATCH', 'appid 与商户号未绑定'],
    ['appid与openid不匹配', 'openid 不属于这个小程序'],
    ['无效的openid', 'openid 不属于这个小程序'],
    ['下单账号与支付账号不一致', '下单的微信账号'],
    ['该订单已支付', '订单已支付'],
    ['该订单已失效', '订单已失效'],
    ['订单已关闭', '订单已失效'],
    ['请求重入时，参数与首次请求时不一致', '订单号已用于另一笔订单'],
    ['201 商户订单号重复', '订单号已用于另一笔订单'],
    ['支付场景非法', '当前场景不能支付'],
    ['当前商户该支付方式存在异常，暂时无法支付', '当前场景不能支付'],
    ['requestPayment:fail no permission', '支付权限被关闭'],
    ['requestPayment:fail access denied', '支付权限被关闭'],
    ['requestPayment:fail banned', '支付权限被关闭'],
    ['requestPayment:fail jsapi has no permission', '支付权限被关闭'],
    ['小程序违规，无法使用支付', '支付权限被关闭'],
    ['商家暂时没有此类交易权限', '商家暂时无法收款'],
    ['此商家的收款功能已被限制', '商家暂时无法收款'],
    ['由于相关规范，iOS功能暂不可用', 'iOS'],
    ['request:fail timeout', '网络异常'],
    ['request:fail interrupted', '网络异常'],
    ['request:fail url not in domain list', '合法域名'],
    ['requestPayment:fail (detail message)', '原因未知'],
  ])('%s', (text, developer) => {
    const errMsg = text.startsWith('request') ? text : `requestPayment:fail:${text}`
    expect(explain({ errMsg })).toMatchObject({
      errMsg,
      developer: expect.stringContaining(developer) as string,
      zh: expect.stringMatching(/^[\u4e00-\u9fff，]+。$/) as string,
      en: expect.stringMatching(/^[A-Z][A-Za-z ,;.]*\.$/) as string,
    })
  })
})

test.each([
  [1, '已取消支付', 'cancel'],
  [5, '网络异常', 'fail'],
  [102, '支付权限被关闭', 'fail'],
  [700001, '支付权限被关闭', 'fail'],
  [600002, '合法域名', 'fail'],
  [700000, '原因未知', 'fail'],
])('errno %i is read before the text', (errno, developer, result) => {
  const said = { errMsg: 'requestPayment:fail', errno }
  expect(explain(said).developer).toContain(developer)
  expect(resultOf(said)).toBe(result)
})

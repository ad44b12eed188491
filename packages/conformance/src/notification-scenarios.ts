// Scenarios of notifications: from WeChat, or from a stranger who imitates WeChat.

import type { FaultInput } from '@cashdesk/emulator'
import { holding, type Played, type Scenario } from './scenario.ts'
import type { Caught, SigningMode, Stage } from './stage.ts'

const tell = (stage: Stage, { headers, body }: Caught): Promise<Played> => stage.driver.call('notification', { headers, body })

/** The client must accept the notification and report its facts correctly. */
function believed(name: string, key: SigningMode, en: string, zh: string): Scenario {
  return {
    name,
    en,
    zh,
    right: 'accepted',
    async play(stage) {
      const { order, ...caught } = await stage.notification(key, undefined, { total: 1234 })
      const answer = await tell(stage, caught)
      if (answer.kind !== 'accepted') return answer
      const { out_trade_no, total, openid } = order
      return holding(answer, { out_trade_no, trade_state: 'SUCCESS', 'amount.total': total, 'payer.openid': openid })
    },
  }
}

function faulty(name: string, fault: FaultInput['fault'], en: string, zh: string): Scenario {
  return { name, en, zh, right: 'rejected', play: async (stage) => tell(stage, await stage.notification('public_key', fault)) }
}

/** A genuine notification, altered on the way. The client must reject it. */
function changed(name: string, en: string, zh: string, change: (caught: Caught) => Caught): Scenario {
  return { name, en, zh, right: 'rejected', play: async (stage) => tell(stage, change(await stage.notification('public_key'))) }
}

const HEADERS = ['wechatpay-timestamp', 'wechatpay-nonce', 'wechatpay-signature', 'wechatpay-serial']

export const notificationScenarios: readonly Scenario[] = [
  believed('notification.public_key', 'public_key', 'a payment, signed by the public key', '支付通知，以微信支付公钥签名'),
  believed('notification.certificate', 'platform_certificate', 'a payment, signed by the platform certificate', '支付通知，以平台证书签名'),
  faulty('notification.bad_signature', 'notification.bad_signature', 'the signature is of other bytes', '签名与报文不符'),
  faulty('notification.stale', 'notification.stale', 'signed ten minutes ago: a replay', '签名于十分钟之前：重放'),
  faulty('notification.future', 'notification.future', 'signed ten minutes ahead', '签名时间晚于现在十分钟'),
  faulty('notification.wrong_serial', 'notification.wrong_serial', 'names a serial that nobody has', 'Wechatpay-Serial 未知'),
  faulty('notification.probe', 'notification.probe', 'a signature probe: it must be refused', '签名探测：必须拒绝'),
  faulty(
    'notification.altered',
    'notification.altered',
    'well signed, altered ciphertext: only the GCM tag shows it',
    '签名正确、密文被改：只有 GCM 校验能发现',
  ),
  faulty('notification.forged', 'notification.forged', 'a stranger’s, under the right serial', '他人伪造，序列号正确'),
  ...HEADERS.map((header) =>
    changed(`notification.without_${header.slice('wechatpay-'.length)}`, `lacks ${header}`, `缺少 ${header}`, ({ headers, body }) => {
      const { [header]: _, ...others } = headers
      return { headers: others, body }
    }),
  ),
  changed('notification.body_changed', 'another body under a true signature', '签名真实、报文被换', ({ headers, body }) => ({
    headers,
    body: body.replace(/("ciphertext":")(.)/, (_, before: string, first: string) => `${before}${first === 'A' ? 'B' : 'A'}`),
  })),
  changed('notification.reserialised', 'parsed and written again: other bytes', '解析后重新序列化：字节已不同', ({ headers, body }) => ({
    headers,
    body: JSON.stringify(JSON.parse(body), null, 2),
  })),
  changed('notification.xml', 'an unsigned v2 XML at the address of v3', '在 v3 通知地址收到未签名的 v2 XML', () => ({
    headers: { 'content-type': 'text/xml' },
    body: '<xml><return_code>SUCCESS</return_code><result_code>SUCCESS</result_code><out_trade_no>1</out_trade_no><total_fee>1</total_fee></xml>',
  })),
]

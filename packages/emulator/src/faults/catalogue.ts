// Every fault that this WeChat can play on request, by name. Each one has a test and a line in differences.md.

export const FAULTS = {
  'request.lost': { en: 'The connection drops before the request is acted on.', zh: '请求未被处理，连接中断。' },
  'answer.lost': { en: 'The request is acted on, then the connection drops.', zh: '请求已被处理，但应答丢失、连接中断。' },
  'answer.http_500': { en: 'The request is acted on, but answered 500 SYSTEM_ERROR.', zh: '请求已被处理，但应答 500 SYSTEM_ERROR。' },
  'request.refused': {
    en: 'The request is not acted on, but refused with `code` (SYSTEM_ERROR).',
    zh: '请求未被处理，以 `code`（默认 SYSTEM_ERROR）拒绝。',
  },
  'answer.http_429': { en: 'The request is not acted on, but answered 429.', zh: '请求未被处理，应答 429 频率超限。' },
  'answer.truncated': {
    en: 'The request is acted on; half of the answer arrives, then the connection drops.',
    zh: '请求已被处理；应答只到达一半，连接中断。',
  },
  'answer.timeout': {
    en: 'The request is acted on; nothing is answered for `seconds` (600), then the connection drops.',
    zh: '请求已被处理；`seconds` 秒（默认 600）内没有应答，随后连接中断。',
  },
  'answer.drip': { en: 'The answer arrives in ten pieces over `seconds` (10).', zh: '应答分十段、在 `seconds` 秒（默认 10）内缓慢到达。' },
  'answer.unsigned': {
    en: 'The answer lacks its Wechatpay-* headers, or only the one named by `header`.',
    zh: '应答缺少 Wechatpay-* 头，或只缺少 `header` 指定的那一个。',
  },
  'answer.bad_signature': { en: 'The answer is signed over other bytes.', zh: '应答签名与报文不符。' },
  'answer.stale': { en: 'The answer was signed `seconds` ago (600).', zh: '应答签名时间早于现在 `seconds` 秒（默认 600）。' },
  'answer.future': { en: 'The answer is signed `seconds` ahead (600).', zh: '应答签名时间晚于现在 `seconds` 秒（默认 600）。' },
  'answer.wrong_serial': { en: 'The answer names a serial that nobody knows.', zh: '应答的 Wechatpay-Serial 是未知的序列号。' },
  'answer.probe': { en: 'The answer carries a WECHATPAY/SIGNTEST/ signature.', zh: '应答带有 WECHATPAY/SIGNTEST/ 探测签名。' },
  'notification.lost': { en: 'The delivery never reaches the merchant; the schedule goes on.', zh: '通知在途中丢失，按计划重试。' },
  'notification.doubled': { en: 'The delivery arrives twice at the same time.', zh: '通知同时送达两次。' },
  'notification.delayed': { en: 'The delivery waits `seconds` (60) more.', zh: '通知再推迟 `seconds` 秒（默认 60）。' },
  'notification.disordered': {
    en: 'The delivery waits until another one has gone out, at most `seconds` (60).',
    zh: '通知等到另一条通知发出之后才发送，最多 `seconds` 秒（默认 60）。',
  },
  'notification.forged': {
    en: 'A stranger sends one in WeChat’s name; the real one follows whatever the answer is.',
    zh: '由他人冒充微信发送的伪造通知；无论应答如何，随后都会发送真实通知。',
  },
  'notification.bad_signature': { en: 'The notification is signed over other bytes.', zh: '通知签名与报文不符。' },
  'notification.probe': {
    en: 'The notification is a signature probe; a correct one follows whatever the answer is.',
    zh: '通知为签名探测；无论应答如何，随后都会发送签名正确的通知。',
  },
  'notification.stale': { en: 'The notification was signed `seconds` ago (600).', zh: '通知签名时间早于现在 `seconds` 秒（默认 600）。' },
  'notification.future': { en: 'The notification is signed `seconds` ahead (600).', zh: '通知签名时间晚于现在 `seconds` 秒（默认 600）。' },
  'notification.wrong_serial': { en: 'The notification names a serial that nobody knows.', zh: '通知的 Wechatpay-Serial 是未知的序列号。' },
  'notification.unsigned': {
    en: 'The notification lacks its Wechatpay-* headers, or only the one named by `header`.',
    zh: '通知缺少 Wechatpay-* 头，或只缺少 `header` 指定的那一个。',
  },
  'notification.altered': {
    en: 'The ciphertext is altered and the signature is right: only the GCM tag shows it.',
    zh: '密文被篡改但签名正确：只有 GCM 校验能发现。',
  },
} as const

export type FaultName = keyof typeof FAULTS

export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(FAULTS, name)
}

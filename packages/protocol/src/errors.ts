// The errors of messages and keys: each has a stable code and a sentence in English and in Chinese.

/** Every code that this package and the SDK throw, with its sentence. docs/reference/errors.md has a heading for each; a test checks that both agree. */
export const ERROR_CATALOGUE = {
  ERR_KEY_INVALID: { en: 'The key or certificate cannot be used.', zh: '密钥或证书不可用。' },
  ERR_AUTHORIZATION_INVALID: {
    en: 'The Authorization header is not a WeChat Pay v3 signature.',
    zh: 'Authorization 头不是微信支付 v3 签名格式。',
  },
  ERR_SIGNATURE_HEADERS: {
    en: 'The message is not completely signed: a Wechatpay-* header is missing.',
    zh: '报文签名不完整：缺少 Wechatpay-* 头。',
  },
  ERR_SIGNATURE_TYPE: { en: 'The message is signed with a scheme we do not verify.', zh: '报文使用了不支持的签名类型。' },
  ERR_TIMESTAMP_INVALID: { en: 'The signature timestamp is not a number of Unix seconds.', zh: '签名时间戳不是 Unix 秒数。' },
  ERR_TIMESTAMP_WINDOW: {
    en: 'The signature is more than 5 minutes away from our clock.',
    zh: '签名时间与本机时钟相差超过 5 分钟。',
  },
  ERR_SERIAL_UNKNOWN: {
    en: 'The message is not signed by a key we know.',
    zh: '报文的签名密钥（Wechatpay-Serial）不是已知的微信支付公钥或平台证书。',
  },
  ERR_SIGNATURE_PROBE: {
    en: 'This is a signature probe of WeChat Pay: it must be refused, and the correct message follows.',
    zh: '这是微信支付的签名探测流量：应当拒绝，随后会收到签名正确的报文。',
  },
  ERR_SIGNATURE_MISMATCH: { en: 'The signature does not belong to this message.', zh: '验签失败：签名与报文不一致。' },
  ERR_BODY_RESERIALIZED: {
    en: 'The signature belongs to this JSON written in another way: something parsed and re-wrote the body before it was verified.',
    zh: '签名对应的是同一 JSON 的另一种写法：报文在验签之前被解析并重新序列化。请使用原始字节验签。',
  },
  ERR_BODY_ALTERED: {
    en: 'The signature belongs to this body before something re-encoded or removed it on the way: `altered` says how.',
    zh: '签名对应的是改动之前的报文：报文在到达验签之前被重新编码或读空，方式见 `altered`。',
  },
  ERR_CIPHER_UNSUPPORTED: { en: 'The resource is sealed with an algorithm we do not open.', zh: '不支持的资源加密算法。' },
  ERR_DECRYPT: {
    en: 'The resource cannot be opened: the APIv3 key is another one, or the ciphertext was altered.',
    zh: '资源解密失败：APIv3 密钥不匹配，或密文被篡改。',
  },
  ERR_MESSAGE_SHAPE: { en: 'The message does not have the documented shape.', zh: '报文结构与文档不符。' },
  ERR_BODY_PARSED: {
    en: 'The notification body was already parsed; the signature covers the raw bytes.',
    zh: '通知报文已被解析；验签需要原始字节。',
  },
  ERR_REQUEST_INVALID: {
    en: 'The request breaks a documented rule of WeChat Pay; it was not sent.',
    zh: '请求不符合微信支付文档规则，未发送。',
  },
  ERR_API: { en: 'WeChat Pay refused the request.', zh: '微信支付拒绝了请求。' },
  ERR_API_UNKNOWN: {
    en: 'WeChat Pay answered with an error that does not say whether it happened: ask before you repeat.',
    zh: '微信支付返回的错误不能说明请求是否已生效：请先查询，再决定是否重试。',
  },
  ERR_NETWORK: { en: 'No answer arrived from WeChat: whether it happened is unknown.', zh: '没有收到微信的应答：结果未知。' },
  ERR_DEADLINE: {
    en: 'The answer did not arrive before the deadline: whether it happened is unknown.',
    zh: '在截止时间前没有收到应答：结果未知。',
  },
  ERR_ABORTED: { en: 'The caller gave up waiting: whether it happened is unknown.', zh: '调用方已放弃等待：结果未知。' },
  ERR_ANSWER_UNTRUSTED: {
    en: 'The answer cannot be trusted, so whether it happened is unknown.',
    zh: '应答不可信，结果未知。',
  },
  ERR_NO_TRUSTED_KEY: {
    en: 'There is no valid key of WeChat Pay to verify an answer with, so the request was not sent.',
    zh: '没有可用的微信支付公钥或平台证书来验签，请求未发送。',
  },
  ERR_ANSWER_TOO_LARGE: { en: 'The answer is larger than allowed.', zh: '应答超过允许的大小。' },
  ERR_BILL_HASH: {
    en: 'The downloaded bill is not the one WeChat announced: its SHA-1 differs.',
    zh: '下载的账单与微信公布的 SHA-1 不一致。',
  },
  ERR_BILL_FORMAT: { en: 'The bill is not in the documented format.', zh: '账单格式与文档不符。' },
  ERR_MINI_PROGRAM: { en: 'The mini-program platform refused the request.', zh: '小程序平台拒绝了请求。' },
  ERR_XML_FORMAT: { en: 'The XML is not the plain kind that WeChat sends.', zh: 'XML 不是微信发送的简单格式。' },
  ERR_SIGN_MISSING: { en: 'The message is not signed: a part of its signature is missing.', zh: '报文没有签名，或签名参数不完整。' },
  ERR_MESSAGE_TENANT: { en: 'The message is for another merchant or mini program.', zh: '报文属于其他商户或小程序。' },
  ERR_DECRYPT_V2: {
    en: 'The refund notification cannot be opened: the APIv2 key is another one, or the text was altered.',
    zh: '退款通知解密失败：APIv2 密钥不匹配，或密文被篡改。',
  },
  ERR_DECRYPT_PUSH: {
    en: 'The pushed message cannot be opened: the EncodingAESKey is another one, or the text was altered.',
    zh: '消息推送解密失败：EncodingAESKey 不匹配，或密文被篡改。',
  },
  ERR_PUSH_MODE: {
    en: 'The pushed message is not encrypted, but this receiver takes only encrypted ones.',
    zh: '消息推送未加密，而接收方配置为安全模式。',
  },
  ERR_DECRYPT_SESSION: {
    en: 'The user data cannot be opened: the session_key is an older one; let the phone log in again.',
    zh: '用户数据解密失败：session_key 已过期，请重新登录后再获取。',
  },
  ERR_WATERMARK_WINDOW: { en: 'The user data is too old, or from the future.', zh: '用户数据的水印时间不在允许范围内。' },
} as const

export type ErrorCode = keyof typeof ERROR_CATALOGUE

/** Facts that are printed below the sentence, one per line. Never put a key, an openid or a ciphertext here. */
export type Facts = Readonly<Record<string, string | number | undefined>>

/** The base of our errors. Branch on `code`, never on the text. `message_zh` is the message in Chinese. */
export class CashdeskError extends Error {
  readonly code: ErrorCode
  readonly message_zh: string
  readonly facts: Facts

  constructor(code: ErrorCode, facts: Facts = {}, options?: ErrorOptions) {
    const sentence = ERROR_CATALOGUE[code]
    super(compose(sentence.en, code, facts), options)
    this.name = new.target.name
    this.code = code
    this.message_zh = compose(sentence.zh, code, facts)
    this.facts = facts
  }
}

/** The received message cannot be trusted. */
export class SignatureError extends CashdeskError {}

/** The received message is authentic, but cannot be decrypted. */
export class DecryptError extends CashdeskError {}

/** The message is authentic and decrypted, but not as documented. */
export class MessageError extends CashdeskError {}

/** A configured key or certificate is unusable. */
export class KeyError extends CashdeskError {}

function compose(sentence: string, code: ErrorCode, facts: Facts): string {
  const lines = Object.entries(facts)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${value}`)
  return [sentence, '', ...lines, `docs: reference/errors.md#${code.toLowerCase()}`].join('\n')
}

// Causes and fixes of our own errors. Their sentences are in errors.ts; docs/reference/errors.md is generated from both.

import type { ErrorCode } from '../errors.ts'
import type { Explained } from './entry.ts'

export const OWN_ERRORS: Readonly<Record<ErrorCode, Pick<Explained, 'causes' | 'fix' | 'outcome'>>> = {
  ERR_KEY_INVALID: {
    causes: [
      {
        en: 'The file is another one, or was cut; the APIv3 key has not 32 characters.',
        zh: '文件不对或不完整；APIv3 密钥不是 32 个字符。',
      },
    ],
    fix: {
      en: 'Use apiclient_key.pem, pub_key.pem and the 32-character APIv3 key as they come from the merchant platform.',
      zh: '使用商户平台下载的 apiclient_key.pem、pub_key.pem 和 32 位 APIv3 密钥。',
    },
    outcome: 'refused',
  },
  ERR_AUTHORIZATION_INVALID: {
    causes: [
      {
        en: 'Not the scheme WECHATPAY2-SHA256-RSA2048, or not five key="value" pairs.',
        zh: '认证类型不是 WECHATPAY2-SHA256-RSA2048，或不是五个 key="value"。',
      },
    ],
    fix: { en: 'Write the header as documented; any order, no blanks.', zh: '按文档书写该头；顺序不限，不含空格。' },
    outcome: 'refused',
  },
  ERR_SIGNATURE_HEADERS: {
    causes: [
      {
        en: 'A proxy removed the headers; the message is not from WeChat Pay; it is of the old XML protocol.',
        zh: '代理删除了请求头；不是微信支付的报文；或为旧版 XML 协议。',
      },
    ],
    fix: { en: 'Let the Wechatpay-* headers through; refuse everything else.', zh: '放行 Wechatpay-* 头；其余一律拒绝。' },
  },
  ERR_SIGNATURE_TYPE: {
    causes: [{ en: 'The merchant uses 国密 (SM2).', zh: '商户使用国密（SM2）。' }],
    fix: { en: 'Use RSA keys; SM2 is not supported.', zh: '使用 RSA 密钥；暂不支持 SM2。' },
  },
  ERR_TIMESTAMP_INVALID: {
    causes: [{ en: 'The header was altered.', zh: '请求头被改动。' }],
    fix: { en: 'Refuse it.', zh: '拒绝该报文。' },
  },
  ERR_TIMESTAMP_WINDOW: {
    causes: [{ en: 'Our clock is wrong; an old message was sent again.', zh: '本机时钟不准；或旧报文被重放。' }],
    fix: { en: 'Synchronise the clock (NTP). A replay is rightly refused.', zh: '校准时钟（NTP）。重放应当拒绝。' },
  },
  ERR_SERIAL_UNKNOWN: {
    causes: [
      {
        en: 'The public key or certificate of that serial is not configured; WeChat is changing over to another; the message is forged.',
        zh: '未配置该序列号的公钥或证书；微信正在切换密钥；或报文是伪造的。',
      },
    ],
    fix: {
      en: "Configure publicKeys and, while moving, platformCertificates: 'download' together.",
      zh: "同时配置 publicKeys 与 platformCertificates: 'download' 直到切换完成。",
    },
  },
  ERR_SIGNATURE_PROBE: {
    causes: [{ en: 'WeChat checks whether wrong signatures are refused.', zh: '微信在检查商户是否拒绝错误签名。' }],
    fix: { en: 'Nothing: it is refused, and the correct message follows.', zh: '无需处理：拒绝即可，正确的报文随后到达。' },
  },
  ERR_SIGNATURE_MISMATCH: {
    causes: [
      {
        en: 'The body or a header was altered on the way; the key of that serial is another one; the message is forged.',
        zh: '报文或请求头在途中被改动；该序列号对应的密钥不对；或报文是伪造的。',
      },
    ],
    fix: {
      en: 'Verify the raw bytes as received; check that the public key belongs to its id.',
      zh: '对收到的原始字节验签；确认公钥与公钥 ID 对应。',
    },
  },
  ERR_BODY_RESERIALIZED: {
    causes: [{ en: 'A framework or proxy parsed the JSON and wrote it again.', zh: '框架或代理解析后又重新序列化了 JSON。' }],
    fix: { en: 'Hand over the raw bytes; our adapters do.', zh: '传入原始字节；我们的适配器会这样做。' },
  },
  ERR_BODY_ALTERED: {
    causes: [
      {
        en: 'A cloud function handed over base64; a framework decoded the body as latin1, wrapped it in a string, added a byte order mark, or read it before.',
        zh: '云函数传入的是 base64；框架以 latin1 解码、包成 JSON 字符串、添加了 BOM，或报文已被读空。',
      },
    ],
    fix: { en: '`fix` says what to do; hand over the bytes as they came.', zh: '处理方法见 `fix`；请传入收到的原始字节。' },
  },
  ERR_CIPHER_UNSUPPORTED: {
    causes: [{ en: '国密 (SM4).', zh: '国密（SM4）。' }],
    fix: { en: 'Use AEAD_AES_256_GCM.', zh: '使用 AEAD_AES_256_GCM。' },
  },
  ERR_DECRYPT: {
    causes: [
      {
        en: 'The APIv3 key was reset in the merchant platform and not here; the ciphertext was cut or altered.',
        zh: '商户平台重置了 APIv3 密钥而此处未更新；密文被截断或篡改。',
      },
    ],
    fix: {
      en: 'Configure the current key; while changing it, give both: apiV3Key: [new, old].',
      zh: '配置当前密钥；更换期间同时提供新旧两个：apiV3Key: [new, old]。',
    },
  },
  ERR_MESSAGE_SHAPE: {
    causes: [{ en: 'WeChat changed a shape, or the message is for another product.', zh: '微信改变了结构，或报文属于其他产品。' }],
    fix: { en: '`where` names the part; report it with the Request-ID.', zh: '`where` 指出位置；请携 Request-ID 反馈。' },
  },
  ERR_BODY_PARSED: {
    causes: [{ en: 'A JSON body parser ran before.', zh: 'JSON 解析中间件先执行了。' }],
    fix: { en: 'The error names the switch of each framework; or use an adapter.', zh: '错误中列出了各框架的开关；或使用适配器。' },
  },
  ERR_REQUEST_INVALID: {
    causes: [{ en: '`field` and `issue` say which rule.', zh: '`field` 与 `issue` 指出规则。' }],
    fix: { en: 'Correct the field. Nothing was sent.', zh: '修正字段。请求未发送。' },
    outcome: 'refused',
  },
  ERR_API: {
    causes: [{ en: '`wechat_code` and `issue` say why.', zh: '`wechat_code` 与 `issue` 说明原因。' }],
    fix: { en: 'Read the entry of that code.', zh: '查看该错误码的条目。' },
    outcome: 'refused',
  },
  ERR_API_UNKNOWN: {
    causes: [
      { en: 'A 5xx; a code that speaks of the number; an error that is not signed.', zh: '5xx；与单号有关的错误码；未签名的错误。' },
    ],
    fix: { en: 'Query by your number, then repeat the very same request if need be.', zh: '先按单号查询，必要时原样重试。' },
    outcome: 'unknown',
  },
  ERR_NETWORK: {
    causes: [
      { en: 'No route, a reset, a DNS or TLS failure; `reason` says which.', zh: '无法连接、连接被重置、DNS 或 TLS 失败；见 `reason`。' },
    ],
    fix: { en: 'Query by your number, then repeat the very same request if need be.', zh: '先按单号查询，必要时原样重试。' },
    outcome: 'unknown',
  },
  ERR_DEADLINE: {
    causes: [{ en: 'WeChat or the network is slow.', zh: '微信或网络较慢。' }],
    fix: { en: 'Query by your number, then repeat the very same request if need be.', zh: '先按单号查询，必要时原样重试。' },
    outcome: 'unknown',
  },
  ERR_ABORTED: {
    causes: [{ en: 'The AbortSignal fired.', zh: 'AbortSignal 被触发。' }],
    fix: { en: 'Query by your number.', zh: '按单号查询。' },
    outcome: 'unknown',
  },
  ERR_ANSWER_UNTRUSTED: {
    causes: [{ en: '`reason` and `cause` say what did not verify.', zh: '`reason` 与 `cause` 说明验签失败之处。' }],
    fix: { en: 'Query; look for a proxy that alters answers, or a key that is missing.', zh: '查询；检查是否有代理改动应答，或缺少密钥。' },
    outcome: 'unknown',
  },
  ERR_NO_TRUSTED_KEY: {
    causes: [
      {
        en: 'The platform certificates could not be downloaded (`cause` says why) or have all expired; the merchant has the public key only.',
        zh: '平台证书下载失败（原因见 `cause`）或已全部过期；或该商户只有微信支付公钥。',
      },
    ],
    fix: {
      en: 'Look at `cause`. A merchant that has the public key gives it as publicKeys.',
      zh: '查看 `cause`。使用微信支付公钥的商户请配置 publicKeys。',
    },
    outcome: 'refused',
  },
  ERR_ANSWER_TOO_LARGE: {
    causes: [
      { en: 'Not WeChat on the other side, or a proxy that sends without end.', zh: '对端不是微信，或代理在无休止地发送数据。' },
      {
        en: 'A bill that is larger than 512 MiB downloaded whole, or than the limit of `bills.stream` (8 GiB).',
        zh: '账单过大：整份下载超过 512 MiB，或流式下载（`bills.stream`）超过上限（8 GiB）。',
      },
    ],
    fix: {
      en: 'Check the base URL and proxies. Read a bill that is truly larger with `bills.stream(bill, { bytes_max })`.',
      zh: '检查地址与代理。账单确实更大时，用 `bills.stream(bill, { bytes_max })` 流式读取。',
    },
    outcome: 'unknown',
  },
  ERR_BILL_HASH: {
    causes: [{ en: "The download was cut or altered; the address is another bill's.", zh: '下载被截断或改动；地址属于其他账单。' }],
    fix: { en: 'Apply again and download again.', zh: '重新申请并下载。' },
  },
  ERR_BILL_FORMAT: {
    causes: [
      {
        en: 'The file is cut, doubled, still packed, in another encoding, or a web page; or it is of another day, merchant or kind.',
        zh: '文件被截断、有重复行、仍是压缩包、编码不是 UTF-8，或者其实是网页；也可能是别的日期、商户或类型的账单。',
      },
      { en: 'Its summary differs from its rows; or WeChat changed the columns.', zh: '汇总行与明细对不上；或者微信调整了列。' },
    ],
    fix: {
      en: '`line`, `column` and `problem` say what and where. Nothing of the file was taken. Download it again; if the hash is right and it is still refused, keep the file and report it.',
      zh: '`line`、`column`、`problem` 说明位置和原因，该文件一行也没有采用。请重新下载；若哈希正确仍被拒绝，请保留文件并反馈。',
    },
  },
  ERR_MINI_PROGRAM: {
    causes: [{ en: '`errcode` says why.', zh: '`errcode` 说明原因。' }],
    fix: {
      en: '40029 and 40163: log in again. 40125: the AppSecret is wrong. -1, 45011: later.',
      zh: '40029、40163：重新登录。40125：AppSecret 错误。-1、45011：稍后重试。',
    },
  },
  ERR_XML_FORMAT: {
    causes: [
      { en: 'A DTD, an entity, nesting or a size that WeChat never sends.', zh: '含有微信不会发送的 DTD、实体、嵌套或过大的内容。' },
    ],
    fix: { en: 'Refuse it.', zh: '拒绝该报文。' },
  },
  ERR_SIGN_MISSING: {
    causes: [{ en: 'Not from WeChat, or a proxy dropped the query.', zh: '不是微信的报文，或代理丢弃了查询参数。' }],
    fix: { en: 'Refuse it; let the query through.', zh: '拒绝；并放行查询参数。' },
  },
  ERR_MESSAGE_TENANT: {
    causes: [{ en: 'Two merchants or programs share an address or a key.', zh: '两个商户或小程序共用了地址或密钥。' }],
    fix: { en: 'Give each an address of its own.', zh: '各自使用独立的地址。' },
  },
  ERR_DECRYPT_V2: {
    causes: [{ en: 'The APIv2 key was reset and not deployed here.', zh: 'APIv2 密钥已重置但未部署。' }],
    fix: { en: 'Configure the current APIv2 key; query the refund.', zh: '配置当前 APIv2 密钥；并查询退款。' },
  },
  ERR_DECRYPT_PUSH: {
    causes: [{ en: 'The EncodingAESKey was changed in the console.', zh: '控制台修改了 EncodingAESKey。' }],
    fix: { en: 'Configure the current one.', zh: '配置当前值。' },
  },
  ERR_PUSH_MODE: {
    causes: [{ en: 'The console is set to plain or compatible mode.', zh: '控制台为明文或兼容模式。' }],
    fix: { en: 'Choose the safe mode in the console.', zh: '在控制台选择安全模式。' },
  },
  ERR_DECRYPT_SESSION: {
    causes: [{ en: 'A newer login changed the session_key.', zh: '之后的登录更换了 session_key。' }],
    fix: { en: 'Log in again, then ask for the data again.', zh: '重新登录后再获取数据。' },
  },
  ERR_WATERMARK_WINDOW: {
    causes: [{ en: 'Old data was sent again; a clock is wrong.', zh: '旧数据被重放；或时钟不准。' }],
    fix: { en: 'Ask for the data again.', zh: '重新获取数据。' },
  },
}

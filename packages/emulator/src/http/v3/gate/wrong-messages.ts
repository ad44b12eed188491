// Messages that clients sign by mistake (v3-protocol §2 and §15), each with an explanation for the developer.

import type { Explanation } from './explanation.ts'

export interface SignedParts {
  method: string
  target: string
  origin: string
  timestamp: string
  nonce: string
  body: string
}

export interface WrongMessage extends Explanation {
  text: string
}

/** The wrong messages that are possible for one request. Those that equal the right message are left out. */
export function wrongMessages(parts: SignedParts): WrongMessage[] {
  const right = compose(parts)
  return [...methods(parts), ...urls(parts), ...bodies(parts), ...lines(parts)].filter(({ text }) => text !== right)
}

function methods(parts: SignedParts): WrongMessage[] {
  const of = (method: string, cause: string, en: string, zh: string): WrongMessage => {
    return { text: compose({ ...parts, method }), cause, differs_in: 'method', en, zh }
  }
  return [
    of(parts.method.toLowerCase(), 'method_case', 'The method must be signed in upper case.', '签名串中的请求方法必须大写。'),
    of(
      parts.method === 'GET' ? 'POST' : 'GET',
      'method_other',
      'Another method was signed than was sent.',
      '签名串中的请求方法与实际发送的不同。',
    ),
  ]
}

function urls(parts: SignedParts): WrongMessage[] {
  const { target, origin } = parts
  const of = (url: string, cause: string, en: string, zh: string): WrongMessage => {
    return { text: compose({ ...parts, target: url }), cause, differs_in: 'url', en, zh }
  }
  const path = target.split('?')[0] ?? target
  const withHost = [
    'The URL was signed with scheme and host; sign path and query only.',
    '签名串中的 URL 含有协议和域名；应只包含路径和查询串。',
  ] as const
  return [
    of(`${origin}${target}`, 'url_with_host', ...withHost),
    of(`https://api.mch.weixin.qq.com${target}`, 'url_with_host', ...withHost),
    of(path, 'url_without_query', 'The URL was signed without its query string.', '签名串中的 URL 缺少查询串。'),
    of(
      decoded(target),
      'url_decoded',
      'The URL was signed decoded; sign it exactly as sent.',
      '签名串中的 URL 是解码后的；应与实际发送的完全一致。',
    ),
    of(
      encodeURI(decoded(target)),
      'url_encoded',
      'The URL was signed with other percent-encoding than was sent.',
      '签名串中 URL 的编码与实际发送的不同。',
    ),
    of(target.slice(1), 'url_without_slash', 'The URL was signed without its leading slash.', '签名串中的 URL 缺少开头的“/”。'),
    of(`${path}/`, 'url_trailing_slash', 'The URL was signed with a trailing slash.', '签名串中的 URL 末尾多了“/”。'),
  ]
}

function bodies(parts: SignedParts): WrongMessage[] {
  const of = (body: string, cause: string, en: string, zh: string): WrongMessage => {
    return { text: compose({ ...parts, body }), cause, differs_in: 'body', en, zh }
  }
  const empty = ['{}', 'null', '""', 'undefined', '[]'].map((body) =>
    of(
      body,
      'body_not_empty',
      `"${body}" was signed as body, but the body sent is empty: sign an empty line.`,
      `签名串以“${body}”作为请求体，但实际请求体为空：应签空行。`,
    ),
  )
  if (parts.body === '') return empty
  const reserialised = rewritten(parts.body).map((body) =>
    of(
      body,
      'body_reserialised',
      'The body was serialised twice: the text that was signed and the text that was sent differ in blanks or escapes. Serialise once, sign and send that text.',
      '请求体被序列化了两次：签名的文本与发送的文本在空白或转义上不同。请只序列化一次，对同一文本签名并发送。',
    ),
  )
  return [
    of('', 'body_missing', 'An empty body was signed, but a body was sent.', '签名串中的请求体为空，但实际发送了请求体。'),
    ...reserialised,
    of(`${parts.body}\n`, 'body_extra_lf', 'The body was signed with one more line feed.', '签名串的请求体后多了一个换行。'),
  ]
}

function lines(parts: SignedParts): WrongMessage[] {
  const right = compose(parts)
  const of = (text: string, cause: string, en: string, zh: string): WrongMessage => ({ text, cause, differs_in: 'lines', en, zh })
  const { timestamp, nonce } = parts
  const missing = parts.body === '' ? MISSING_BODY_LINE : MISSING_LAST_LF
  return [
    { ...missing, text: right.slice(0, -1) },
    { ...missing, text: right.slice(0, -2) },
    of(compose(parts, '\r\n'), 'crlf', 'Lines were ended with CR LF; WeChat Pay wants LF.', '使用了 CRLF 换行；应为 LF。'),
    of(
      compose(parts, '\\n'),
      'lf_escaped',
      'The two characters \\n were signed instead of a line feed.',
      '签名串中写入了字面的“\\n”，而不是换行符。',
    ),
    of(
      compose({ ...parts, timestamp: nonce, nonce: timestamp }),
      'order',
      'Timestamp and nonce were swapped.',
      '时间戳与随机串的顺序颠倒。',
    ),
  ]
}

const MISSING_BODY_LINE: Explanation = {
  cause: 'body_line_missing',
  differs_in: 'lines',
  en: 'The empty line of the body is missing: the message of a request without body ends with nonce, LF, LF.',
  zh: '缺少请求体对应的空行：无请求体时，签名串以 随机串+换行+换行 结尾。',
}

const MISSING_LAST_LF: Explanation = {
  cause: 'last_lf_missing',
  differs_in: 'lines',
  en: 'The line feed after the last line is missing.',
  zh: '签名串最后一行缺少换行符。',
}

function compose({ method, target, timestamp, nonce, body }: SignedParts, end = '\n'): string {
  return [method, target, timestamp, nonce, body].map((line) => `${line}${end}`).join('')
}

function decoded(target: string): string {
  try {
    return decodeURIComponent(target)
  } catch {
    return target
  }
}

/** The same JSON as common libraries serialise it: compact, indented, with spaces, with \u and \/ escapes. */
function rewritten(body: string): string[] {
  try {
    const value: unknown = JSON.parse(body)
    const plain = [JSON.stringify(value), JSON.stringify(value, null, 2), JSON.stringify(value, null, 4), spaced(value)]
    return plain.flatMap((text) => [text, ascii(text), text.replaceAll('/', '\\/'), ascii(text).replaceAll('/', '\\/')])
  } catch {
    return []
  }
}

/** As Python's json.dumps writes it: with a space after each comma and colon. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return `{${Object.entries(value)
    .map(([key, part]) => `${JSON.stringify(key)}: ${spaced(part)}`)
    .join(', ')}}`
}

function ascii(text: string): string {
  return text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

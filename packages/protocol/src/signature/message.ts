// The three texts that are signed in WeChat Pay v3. Each line ends with LF, including the last.

/** The text that a merchant signs for a request (v3-protocol §2). `target` is path and query exactly as sent; an absent body is the empty string. */
export function requestMessage(method: string, target: string, timestamp: string, nonce: string, body: string | Uint8Array): Buffer {
  return lines([method, target, timestamp, nonce], body)
}

/** The text that WeChat Pay signs for an answer or notification (v3-protocol §4). The body is the raw bytes, empty for a 204. */
export function answerMessage(timestamp: string, nonce: string, body: string | Uint8Array): Buffer {
  return lines([timestamp, nonce], body)
}

/** The text that a merchant signs for the parameters of wx.requestPayment (v3-protocol §3). `packageValue` is `prepay_id=…`. */
export function requestPaymentMessage(appid: string, timeStamp: string, nonceStr: string, packageValue: string): Buffer {
  return lines([appid, timeStamp, nonceStr], packageValue)
}

const LF = Buffer.from('\n')

/** Joins lines of text and the body. The body stays bytes: if it were decoded to text, two different bodies could share one signature. */
function lines(texts: readonly string[], body: string | Uint8Array): Buffer {
  const head = `${texts.join('\n')}\n`
  if (typeof body === 'string') return Buffer.from(`${head}${body}\n`, 'utf8')
  return Buffer.concat([Buffer.from(head, 'utf8'), body, LF])
}

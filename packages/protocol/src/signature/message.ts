// The three texts that are signed in WeChat Pay v3. Each line ends with LF, the last one too.

/** What a merchant signs to make a request (v3-protocol §2). `target` is path and query exactly as sent; an absent body is the empty string. */
export function requestMessage(method: string, target: string, timestamp: string, nonce: string, body: string | Uint8Array): Buffer {
  return lines([method, target, timestamp, nonce], body)
}

/** What WeChat Pay signs under an answer or a notification (v3-protocol §4): the body is the raw bytes, empty for a 204. */
export function answerMessage(timestamp: string, nonce: string, body: string | Uint8Array): Buffer {
  return lines([timestamp, nonce], body)
}

/** What a merchant signs so that wx.requestPayment trusts its parameters (v3-protocol §3). `packageValue` is `prepay_id=…`. */
export function requestPaymentMessage(appid: string, timeStamp: string, nonceStr: string, packageValue: string): Buffer {
  return lines([appid, timeStamp, nonceStr], packageValue)
}

const LF = Buffer.from('\n')

/** Short lines of text, then the body. Bytes stay bytes: decoded to text first, two different bodies could share one signature. */
function lines(texts: readonly string[], body: string | Uint8Array): Buffer {
  const head = `${texts.join('\n')}\n`
  if (typeof body === 'string') return Buffer.from(`${head}${body}\n`, 'utf8')
  return Buffer.concat([Buffer.from(head, 'utf8'), body, LF])
}

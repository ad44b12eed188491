// The three texts that are signed in WeChat Pay v3. Each line ends with LF, the last one too.

/** What a merchant signs to make a request (v3-protocol §2). `target` is path and query exactly as sent; an absent body is the empty string. */
export function requestMessage(method: string, target: string, timestamp: string, nonce: string, body: string | Uint8Array): Buffer {
  return lines([method, target, timestamp, nonce, body])
}

/** What WeChat Pay signs under an answer or a notification (v3-protocol §4): the body is the raw bytes, empty for a 204. */
export function answerMessage(timestamp: string, nonce: string, body: string | Uint8Array): Buffer {
  return lines([timestamp, nonce, body])
}

/** What a merchant signs so that wx.requestPayment trusts its parameters (v3-protocol §3). `packageValue` is `prepay_id=…`. */
export function requestPaymentMessage(appid: string, timeStamp: string, nonceStr: string, packageValue: string): Buffer {
  return lines([appid, timeStamp, nonceStr, packageValue])
}

const LF = Buffer.from('\n')

function lines(parts: readonly (string | Uint8Array)[]): Buffer {
  // Bytes stay bytes: decoding a body to text first would let two different bodies share one signature.
  return Buffer.concat(parts.flatMap((part) => [typeof part === 'string' ? Buffer.from(part, 'utf8') : part, LF]))
}

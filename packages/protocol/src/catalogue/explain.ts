// explain(): finds the cause and fix for a code, a Request-ID, a message or an error, in both languages.

import { CashdeskError, ERROR_CATALOGUE, type ErrorCode } from '../errors.ts'
import { API_CODES } from './api-codes.ts'
import { CLIENT_MESSAGES } from './client-messages.ts'
import type { Explained } from './entry.ts'
import { OWN_ERRORS } from './own-errors.ts'
import { REQUEST_ID_CODES } from './request-id-codes.ts'

export type Explanation =
  | { known: true; kind: 'api code' | 'request id' | 'internal code' | 'client message' | 'our error'; explained: Explained }
  /** Not in the catalogue. `hint` says what kind of code it is and where to ask. */
  | { known: false; kind: 'request id' | 'internal code' | 'unknown'; code: string; hint: { en: string; zh: string } }

/** `subject`: `ORDER_NOT_EXIST`, `268498688`, `08E6…-268498688`, `requestPayment:fail cancel`, `ERR_SERIAL_UNKNOWN`, or an error of ours. */
export function explain(subject: unknown): Explanation {
  if (subject instanceof CashdeskError) return explainError(subject)
  const text = String(subject).trim()
  const requestId = /^[0-9A-Fa-f]{20,}-([0-9]{1,10})$/.exec(text)
  if (requestId?.[1] !== undefined) return internal(requestId[1], 'request id')
  if (/^[0-9]{6,10}$/.test(text)) return internal(text, 'internal code')
  if (Object.hasOwn(ERROR_CATALOGUE, text.toUpperCase())) return ours(text.toUpperCase() as ErrorCode)
  const api = findApiCode(text)
  if (api) return { known: true, kind: 'api code', explained: api }
  const message = CLIENT_MESSAGES.find((one) => text.includes(one.code))
  if (message) return { known: true, kind: 'client message', explained: message }
  return { known: false, kind: 'unknown', code: text.slice(0, 200), hint: HINTS.unknown }
}

/** WeChat's code is more specific than ours, so it is looked up first. */
function explainError(error: CashdeskError): Explanation {
  const requestId = error.facts['request_id']
  if (typeof requestId === 'string') {
    const found = explain(requestId)
    if (found.known) return found
  }
  const wechat = error.facts['wechat_code']
  const api = typeof wechat === 'string' ? findApiCode(wechat) : undefined
  return api ? { known: true, kind: 'api code', explained: api } : ours(error.code)
}

function ours(code: ErrorCode): Explanation {
  return {
    known: true,
    kind: 'our error',
    explained: { code, what: ERROR_CATALOGUE[code], ...OWN_ERRORS[code], source: `reference/errors.md#${code.toLowerCase()}` },
  }
}

/** Also finds the spelling of combined orders and v2, which has no underscores. */
function findApiCode(text: string): Explained | undefined {
  const plain = text.toUpperCase().replaceAll('_', '')
  return API_CODES.find((one) => one.code.replaceAll('_', '') === plain)
}

function internal(code: string, kind: 'request id' | 'internal code'): Explanation {
  const explained = REQUEST_ID_CODES.find((one) => one.code === code)
  if (explained) return { known: true, kind, explained }
  return { known: false, kind, code, hint: code === '0' ? HINTS.success : HINTS.internal }
}

const HINTS = {
  internal: {
    en: 'An internal code of WeChat Pay that is not in our catalogue. Look at `code`, `message` and `detail` of the same answer; support can find the exchange by its Request-ID.',
    zh: '微信支付内部错误码，目录中没有收录。请查看同一应答中的 `code`、`message` 与 `detail`；微信支付技术支持可凭 Request-ID 查到该次请求。',
  },
  success: { en: 'An internal code of 0: the exchange succeeded.', zh: '内部码为 0：该次请求成功。' },
  unknown: {
    en: 'Neither a code, nor a Request-ID, nor a message that we know. Give WeChat\'s `code`, the number after the last "-" of Request-ID, the text the phone shows, or an ERR_ code.',
    zh: '不是已知的错误码、Request-ID 或提示语。请提供微信的 `code`、Request-ID 最后一个“-”之后的数字、手机上显示的提示，或 ERR_ 开头的错误码。',
  },
} as const

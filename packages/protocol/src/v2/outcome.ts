// Did it happen? What a v2 refusal says about the request it answers (v2-protocol §3, §5–§8).

import type { Outcome } from '../outcome.ts'

/**
 * Codes that are a plain no. Everything else is unknown: SYSTEMERROR and BIZERR_NEED_RETRY by their nature; ORDERPAID and
 * OUT_TRADE_NO_USED because they speak of the number, not of this request; and whatever we never heard of.
 */
const REFUSED: ReadonlySet<string> = new Set([
  'APPIDMCHIDNOTMATCH',
  'APPIDNOTEXIST',
  'CERTERROR',
  'FREQUENCYLIMITED',
  'INVALIDREQTOOMUCH',
  'INVALIDREQUEST',
  'INVALIDTRANSACTIONID',
  'LACKPARAMS',
  'MCHIDNOTEXIST',
  'NOAUTH',
  'NOTENOUGH',
  'NOTUTF8',
  'ORDERCLOSED',
  'ORDERNOTEXIST',
  'PARAMERROR',
  'POSTDATAEMPTY',
  'REFUNDFEEMISMATCH',
  'REFUNDNOTEXIST',
  'REQUIREPOSTMETHOD',
  'SIGNERROR',
  'TRADEOVERDUE',
  'TRADESTATEERROR',
  'USERACCOUNTABNORMAL',
  'XMLFORMATERROR',
])

/** `signed` is whether the refusal's signature was verified: one without proves nothing, whatever its code says. */
export function v2OutcomeOf(err_code: string, signed: boolean): Outcome {
  return signed && REFUSED.has(err_code.replaceAll('_', '')) ? 'refused' : 'unknown'
}

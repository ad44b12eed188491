// Whether a refused v2 request may have been carried out (v2-protocol §3, §5–§8).

import type { Outcome } from '../outcome.ts'

/**
 * Codes that certainly mean refused. All others are unknown: SYSTEMERROR and BIZERR_NEED_RETRY by their meaning; ORDERPAID and
 * OUT_TRADE_NO_USED because they are about the number, not about this request; and all codes that we do not know.
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

/** `signed`: whether the refusal's signature was verified. An unsigned refusal proves nothing, whatever its code. */
export function v2OutcomeOf(err_code: string, signed: boolean): Outcome {
  return signed && REFUSED.has(err_code.replaceAll('_', '')) ? 'refused' : 'unknown'
}

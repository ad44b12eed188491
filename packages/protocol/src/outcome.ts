// Did it happen? What a refusal of WeChat says about the request it answers (v3-protocol §12 and §13).

/** `refused`: certainly did not happen. `unknown`: may have happened, so ask before repeating under another number. */
export type Outcome = 'refused' | 'unknown'

/** 5xx codes that WeChat documents as a plain no. */
const REFUSED_ALTHOUGH_5XX = new Set(['OPENIDMISMATCH', 'INVALIDTRANSACTIONID'])

/** 4xx codes that speak of the number, not of this request: only a query tells what the number stands for. */
const UNKNOWN_ALTHOUGH_4XX = new Set(['ORDERPAID', 'OUTTRADENOUSED', 'ALREADYEXISTS'])

/**
 * What a non-2xx answer says. `signed` is whether its signature was verified: an unsigned one proves nothing,
 * save a 401, which WeChat's front end gives unsigned and before it reads the request (v3-protocol §4).
 */
export function outcomeOf(status: number, code: string, signed: boolean): Outcome {
  if (status === 401) return 'refused'
  if (!signed) return 'unknown'
  const plain = code.replaceAll('_', '')
  if (status >= 500) return REFUSED_ALTHOUGH_5XX.has(plain) ? 'refused' : 'unknown'
  if (status >= 400) return UNKNOWN_ALTHOUGH_4XX.has(plain) ? 'unknown' : 'refused'
  return 'unknown'
}

// Whether a refused request may have been carried out, by WeChat's answer (v3-protocol §12 and §13).

/** `refused`: certainly not carried out. `unknown`: it may have been carried out, so query before repeating under another number. */
export type Outcome = 'refused' | 'unknown'

/** 5xx codes that WeChat documents as a refusal. */
const REFUSED_ALTHOUGH_5XX = new Set(['OPENIDMISMATCH', 'INVALIDTRANSACTIONID'])

/** 4xx codes about the number, not about this request: only a query tells what exists under the number. */
const UNKNOWN_ALTHOUGH_4XX = new Set(['ORDERPAID', 'OUTTRADENOUSED', 'ALREADYEXISTS'])

/**
 * The outcome of a non-2xx answer. `signed`: whether its signature was verified. An unsigned answer proves nothing,
 * except a 401: WeChat's front end sends it unsigned, before it reads the request (v3-protocol §4).
 */
export function outcomeOf(status: number, code: string, signed: boolean): Outcome {
  if (status === 401) return 'refused'
  if (!signed) return 'unknown'
  const plain = code.replaceAll('_', '')
  if (status >= 500) return REFUSED_ALTHOUGH_5XX.has(plain) ? 'refused' : 'unknown'
  if (status >= 400) return UNKNOWN_ALTHOUGH_4XX.has(plain) ? 'unknown' : 'refused'
  return 'unknown'
}

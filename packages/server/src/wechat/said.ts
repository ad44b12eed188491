// What WeChat said when it refused a call, as stored with the order and shown to the merchant:
// its code, its message, the field, and the request id that WeChat's support asks for.

import type { WechatSaid } from '@cashdesk/contract'
import { ApiError, MiniProgramApiError, type Random } from '@cashdesk/sdk'
import type { Refusal, Tx } from '@cashdesk/store'
import type { LogFields } from '../log.ts'

const TEXT_MAX = 256

/** Undefined when the error is not a refusal by WeChat. `personal` are texts that must be removed: the payer's openid. */
export function wechatSaid(error: unknown, personal: readonly (string | null)[] = []): WechatSaid | undefined {
  if (error instanceof MiniProgramApiError) {
    const { errcode, facts } = error
    return { code: String(errcode), message: publicText(String(facts['errmsg'] ?? ''), personal), field: null, request_id: null }
  }
  if (!(error instanceof ApiError)) return undefined
  const { code, message, detail, request_id } = error.refusal
  const { field } = (typeof detail === 'object' && detail !== null ? detail : {}) as { field?: unknown }
  return {
    code: publicText(code, personal),
    message: publicText(message, personal),
    field: typeof field === 'string' && field !== '' ? publicText(field, personal) : null,
    request_id: request_id === undefined ? null : publicText(request_id, personal),
  }
}

/** Removes personal data, which WeChat's messages may repeat, and characters that a database cannot store. */
function publicText(text: string, personal: readonly (string | null)[]): string {
  let told = text
  for (const one of personal) if (one) told = told.replaceAll(one, '[openid]')
  return told
    .replaceAll(/(?<![A-Za-z0-9_-])o[A-Za-z0-9_-]{27}(?![A-Za-z0-9_-])/g, '[openid]')
    .replaceAll(/(?<!\d)1[3-9]\d{9}(?!\d)/g, '[phone]')
    .replaceAll(/[\p{Cc}\p{Cs}]/gu, ' ')
    .slice(0, TEXT_MAX)
    .trim()
}

/** What a failed call was about. */
export type About = Pick<Refusal, 'merchant' | 'out_trade_no' | 'out_refund_no' | 'op'> & { openid?: string | null }

/** Stores what WeChat said with the order, if the error is an answer of WeChat. */
export async function keepSaid(tx: Tx, about: About, error: unknown, now: number, support_id: string | null = null): Promise<void> {
  const { openid = null, ...call } = about
  const said = wechatSaid(error, [openid])
  if (!said || !(error instanceof ApiError)) return
  const { status, signed } = error.refusal
  await tx.refusals.keep({ ...call, ...said, status, signed, support_id }, now)
}

/** The log fields for a failed call. */
export function saidFields(error: unknown, personal: readonly (string | null)[] = []): LogFields {
  const said = wechatSaid(error, personal)
  const code = (error as { code?: unknown }).code
  if (!said) return { code: typeof code === 'string' ? code : 'UNKNOWN' }
  const { message, field, request_id } = said
  return { code: said.code, wechat_message: message, ...(field && { wechat_field: field }), ...(request_id && { request_id }) }
}

/** Without 0, 1, I, L and O, which are easily confused when read out on the phone. */
const LETTERS = '23456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Eight letters that a buyer can read out and support can search for. */
export function supportId(random: Random): string {
  return Array.from(random(8), (byte) => LETTERS[byte % LETTERS.length]).join('')
}

// What all kinds of orders share: the prepay_id, which lives two hours, and the time until which the order can be paid (v3-endpoints §1.2).

import { beijingTime } from '@cashdesk/protocol'
import { type Random, randomHex } from '../../ports/random.ts'
import { invalidRequest, paramError, type Refusal } from '../refusal.ts'

const MINUTE_MS = 60 * 1000
export const DAY_MS: number = 24 * 60 * MINUTE_MS
const EXPIRE_DEFAULT_MS = 7 * DAY_MS
const EXPIRE_MIN_MS = MINUTE_MS
export const AUTO_CLOSE_MS: number = 7 * DAY_MS

export interface Prepay {
  prepay_id: string
  made_at: number
}

export function newPrepay(made_at: number, random: Random): Prepay {
  return { prepay_id: `wx${beijingTime(made_at).replace(/\D/g, '').slice(0, 14)}${randomHex(random, 8)}0000`, made_at }
}

/** When the order expires, epoch ms: at least one minute and at most `most_ms` from now. */
export function expiry(time_expire: string | undefined, now: number, most_ms: number): number {
  if (time_expire === undefined) return now + EXPIRE_DEFAULT_MS
  const asked = Date.parse(time_expire)
  if (Number.isNaN(asked)) {
    throw paramError('输入源“/body/time_expire”映射到值字段“交易结束时间”字符串规则校验失败，不是合法的时间', {
      field: '/time_expire',
      value: time_expire,
      issue: 'not a date',
      location: 'body',
    })
  }
  return Math.min(Math.max(asked, now + EXPIRE_MIN_MS), now + most_ms)
}

/** The refusal of a known number with other parameters (v3-protocol §11, 268498688). */
export function reentered(): Refusal {
  return invalidRequest('请求重入时，参数与首次请求时不一致', 268498688)
}

// When certificates expire: our merchants' own, where the configuration holds them, and WeChat's. The log warns in time (reliability F2).

import type { World } from '../world.ts'

const DAY_MS = 24 * 60 * 60 * 1000
/** Days left at which the state of the warning changes. From the first on there is a warning each day. */
const WARN_DAYS = [30, 14, 7, 1]

export interface HeldCertificate {
  merchant: string
  serial: string
  owner: 'merchant' | 'wechat'
  /** Epoch milliseconds. */
  not_after: number
}

export function certificatesOf(world: World): HeldCertificate[] {
  return [...world.merchants.values()].flatMap(({ id, certificate, wechatpay }) => [
    ...(certificate ? [{ merchant: id, owner: 'merchant' as const, ...certificate }] : []),
    ...wechatpay
      .trustedKeys()
      .flatMap(({ serial, not_after }) => (not_after === null ? [] : [{ merchant: id, owner: 'wechat' as const, serial, not_after }])),
  ])
}

/**
 * Logs one line a day for each certificate that expires within thirty days. WeChat's
 * own are renewed by download, so only those not replaced in time are reported.
 */
export async function warnOfExpiry(world: World): Promise<void> {
  const now = world.clock.now()
  for (const { merchant, serial, owner, not_after } of certificatesOf(world)) {
    const left = Math.floor((not_after - now) / DAY_MS)
    const step = WARN_DAYS.filter((days) => left <= days).at(-1)
    if (step === undefined) continue
    const state = not_after <= now ? 'expired' : `within ${step} ${step === 1 ? 'day' : 'days'}`
    world.log('certificate.expiring', { merchant, state, detail: `${owner} ${serial} until ${new Date(not_after).toISOString()}` })
  }
}

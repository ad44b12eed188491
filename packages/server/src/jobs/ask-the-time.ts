// Asks WeChat what time it is where no answer has told it for a while, and whether each merchant's keys are right.

import { untrusted } from '../health/trust.ts'
import type { World } from '../world.ts'

/** Any answer tells the time, a refusal too, and whether its merchant's keys are right. This call also brings the platform certificates of whoever has them. */
export async function askTheTime(world: World): Promise<void> {
  for (const [i, merchant] of [...world.merchants.values()].entries()) {
    if (merchant.trust.isGood() && !(i === 0 && world.skew.doubtful())) continue
    await merchant.wechatpay.request('GET', '/v3/certificates').then(
      () => merchant.trust.answered(),
      (error: unknown) => merchant.trust.answered(error),
    )
  }
  const skew = world.skew.ms()
  if (skew !== undefined && world.skew.isWrong()) world.log('clock.wrong', { detail: `${Math.round(skew / 1000)} s` })
  for (const { merchant, faults } of untrusted(world.merchants.values(), 'en'))
    world.log('merchant.untrusted', { merchant, detail: faults.join(', ') })
}

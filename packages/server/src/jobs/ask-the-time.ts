// Asks WeChat for the time when no recent answer has told it, and checks whether each merchant's keys are right.

import { untrusted } from '../health/trust.ts'
import type { World } from '../world.ts'

/** Any answer, also a refusal, contains the time and shows whether the keys are right. This call also downloads platform certificates where they are used. */
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

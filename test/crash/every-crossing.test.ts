// The server dies by SIGKILL at every crossing of its ports in a whole story, one by one (reliability §2.1; A1, B4, B5, B7, C6, E3, G1, G7, H2).

import { type EmulatorKeys, generateKeys } from '@cashdesk/emulator'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { aShop, type Shop } from './shop.ts'
import { aStory, atTheEnd, nobodyPays, nothingPromised } from './story.ts'

let keys: EmulatorKeys
beforeAll(async () => {
  keys = await generateKeys()
})

/** The named crash points of reliability §2.1, as crossings. */
const NAMED: Readonly<Record<string, string>> = {
  'login.after_code2session': 'login call 1: answered',
  'login.after_session_commit': 'login transaction 1: committed',
  'create.before_commit': 'create transaction 1: written, not committed',
  'create.after_commit': 'create transaction 1: committed',
  'create.request_sent': 'pay call 1: before',
  'create.response_received': 'pay call 1: answered',
  'create.prepay_persisted': 'pay transaction 3: committed',
  'create.request_sent, in one call': 'create call 1: before',
  'create.response_received, in one call': 'create call 1: answered',
  'notify.verified': 'notify transaction 1: before',
  'apply.mid_tx': 'notify transaction 1: written, not committed',
  'notify.inbox_committed': 'notify transaction 1: committed',
  'refund.reserved': 'refund transaction 1: committed',
  'refund.request_sent': 'refund call 1: before',
  'refund.response_received': 'refund call 1: answered',
  'refund.apply_committed': 'refund transaction 2: committed',
  'job.claimed': 'settle transaction 1: committed',
  'query.response_received': 'settle call 1: answered',
  'job.effect_done': 'settle transaction 2: committed',
  'close.request_sent': 'settle call 2: before',
  'close.response_received': 'settle call 2: answered',
  'webhook.sent': 'deliver call 1: answered',
  'webhook.marked': 'deliver transaction 2: committed',
}

let shop: Shop | undefined
afterEach(async () => {
  await shop?.close()
  shop = undefined
})

/** Runs the whole story, and returns what is wrong at its end. */
async function told(of: Shop): Promise<string[]> {
  const promised = nothingPromised()
  await aStory(of, 'STORY-0001', promised)
  await nobodyPays(of, 'STORY-0002', promised)
  return atTheEnd(of, promised)
}

test('an undisturbed story passes every named crash point and ends in a sound state', async () => {
  shop = await aShop(keys, undefined, true)
  expect(await told(shop)).toEqual([])
  const reached = new Set(shop.reached)
  for (const [name, crossing] of Object.entries(NAMED)) expect(reached, name).toContain(crossing)
})

test.each(Object.entries(NAMED))(
  '%s (%s): no promise is broken and nothing happens twice',
  async (_, at) => {
    shop = await aShop(keys, { at })
    expect(await told(shop)).toEqual([])
    expect(shop.deaths()).toBe(1)
  },
  60_000,
)

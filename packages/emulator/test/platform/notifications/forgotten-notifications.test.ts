// Old finished notifications are forgotten, and what is kept on disk forgets them too (G5).

import { expect, test } from 'vitest'
import { createFaults } from '../../../src/faults/faults.ts'
import { systemRandom, virtualClock } from '../../../src/index.ts'
import { createJournal } from '../../../src/platform/kept/journal.ts'
import { recordsOf } from '../../../src/platform/kept/state-records.ts'
import { createMerchants } from '../../../src/platform/merchants/merchants.ts'
import { createNotifier } from '../../../src/platform/notifications/notifier.ts'
import { aWorld, START } from '../../world.ts'

test('G5: the thousand newest notifications are kept, in memory and on disk', async () => {
  const { emulator } = await aWorld()
  const journal = createJournal()
  const records = recordsOf(emulator.state())
  journal.keep({ write: (changes) => records.apply(changes), renew: () => undefined, settings: () => ({}) })
  const push = { url: 'https://shop.test/push', token: 'token', format: 'json' } as const
  const notifier = createNotifier({
    clock: virtualClock(START),
    random: systemRandom,
    fetch: async () => new Response('success'),
    // A push is signed with the token of its mini program, by no merchant.
    merchants: createMerchants([], emulator.keys.platform),
    pushSettings: new Map([['wx1', push]]),
    faults: createFaults(),
    behaviour: emulator.behaviour,
    journal,
  })
  const ids: string[] = []
  for (let n = 0; n < 1005; n += 1) {
    const news = { notify_url: push.url, event_type: 'e', original_type: 'push', summary: 's', resource: { n }, push: { appid: 'wx1' } }
    ids.push(notifier.announce(news))
    await notifier.deliverDue()
  }
  journal.flush()
  expect(notifier.list().map(({ id }) => id)).toEqual(ids.slice(5))
  expect(records.state().notifications.map(({ id }) => id)).toEqual(ids.slice(5))
})

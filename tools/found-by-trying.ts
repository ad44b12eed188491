// What attacks, other clients and reports revealed about the payment server and the emulator, and the tests that have guarded it since. The ids are rows of
// docs/explanation/found-by-trying.md; tests name them as `A3: …` in the files listed here. docs/explanation/guarantees.md says what holds now.

export interface Finding {
  id: string
  tests: readonly string[]
}

const JOURNEYS = 'test/journeys'
const EMULATOR = 'packages/emulator/test'

export const FINDINGS: readonly Finding[] = [
  { id: 'A1', tests: ['packages/sdk/test/trust-weather.test.ts', `${JOURNEYS}/unsigned.test.ts`] },
  { id: 'A2', tests: [`${JOURNEYS}/key-descent.test.ts`, `${JOURNEYS}/section-e.test.ts`, 'packages/store/test/migrations.test.ts'] },
  { id: 'A3', tests: ['packages/sdk/test/strangers.test.ts', 'packages/protocol/test/xml/xml.test.ts', `${JOURNEYS}/strangers.test.ts`] },
  { id: 'A4', tests: [`${JOURNEYS}/webhooks.test.ts`, 'packages/store/test/webhooks.test.ts'] },
  { id: 'A5', tests: [`${JOURNEYS}/strangers.test.ts`, 'packages/store/test/postgres/many-processes.test.ts'] },
  { id: 'A6', tests: [`${JOURNEYS}/unstorable.test.ts`, `${JOURNEYS}/section-e.test.ts`] },
  { id: 'A7', tests: ['packages/emulator/test/loopback-guard.test.ts', 'test/browser/foreign-page.test.ts'] },
  { id: 'A8', tests: ['packages/cli/test/nginx.test.ts', `${JOURNEYS}/limits.test.ts`, `${JOURNEYS}/metrics.test.ts`] },
  {
    id: 'A9',
    tests: ['packages/store/test/sqlite/file-modes.test.ts', 'packages/store/test/sealing.test.ts', `${JOURNEYS}/at-rest.test.ts`],
  },
  {
    id: 'A10',
    tests: [
      `${JOURNEYS}/unstorable.test.ts`,
      `${JOURNEYS}/strangers.test.ts`,
      `${JOURNEYS}/webhooks.test.ts`,
      `${JOURNEYS}/key-descent.test.ts`,
      'packages/store/test/guards.test.ts',
      'packages/cli/test/raw-requests.test.ts',
      'packages/sdk/test/bills-stream.test.ts',
    ],
  },
  {
    id: 'A11',
    tests: [`${JOURNEYS}/signed-is-kept.test.ts`, 'packages/store/test/moves.test.ts', 'packages/domain/test/fact/read.test.ts'],
  },
  { id: 'B1', tests: [`${EMULATOR}/wire/names.test.ts`, `${EMULATOR}/wire/exact-client.test.ts`] },
  { id: 'B2', tests: [`${EMULATOR}/wire/faults.test.ts`] },
  {
    id: 'B3',
    tests: [
      `${EMULATOR}/wire/exact-client.test.ts`,
      `${EMULATOR}/merchant-keys.test.ts`,
      `${EMULATOR}/page-settings.test.ts`,
      `${EMULATOR}/third-party/wechatpay-axios-plugin.test.ts`,
    ],
  },
  { id: 'B4', tests: [`${EMULATOR}/live/live-answers.test.ts`] },
  { id: 'B5', tests: [`${EMULATOR}/live/live-answers.test.ts`] },
  { id: 'B6', tests: [`${EMULATOR}/live/live-answers.test.ts`] },
  { id: 'B7', tests: [`${EMULATOR}/live/live-answers.test.ts`] },
  { id: 'B8', tests: [`${EMULATOR}/live/live-answers.test.ts`] },
  { id: 'B9', tests: [`${EMULATOR}/http/v3/transfers.test.ts`] },
  { id: 'B10', tests: ['packages/protocol/test/spec/message-values.test.ts'] },
  { id: 'B11', tests: [`${EMULATOR}/http/v3/validate.test.ts`, `${EMULATOR}/live/live-answers.test.ts`] },
  {
    id: 'B12',
    tests: [
      `${EMULATOR}/http/v3/validate.test.ts`,
      `${EMULATOR}/http/v3/profit-sharing.test.ts`,
      `${EMULATOR}/platform/time.test.ts`,
      `${EMULATOR}/files/owner.test.ts`,
      `${EMULATOR}/tls.test.ts`,
      `${EMULATOR}/small-ones.test.ts`,
      'packages/cli/test/emulator-command.test.ts',
    ],
  },
  { id: 'C1', tests: ['packages/sdk/test/by-hand.test.ts'] },
  {
    id: 'C2',
    tests: ['packages/miniprogram/test/heard.test.ts', 'packages/miniprogram/test/gateway.test.ts', 'packages/cli/test/nginx.test.ts'],
  },
  { id: 'C3', tests: ['packages/protocol/test/bill/reader.test.ts'] },
  { id: 'C4', tests: ['packages/sdk/test/bills-rows.test.ts', 'packages/emulator/test/journeys/bill-rows.test.ts'] },
  { id: 'C5', tests: ['packages/protocol/test/bill/reader.test.ts', 'packages/protocol/test/bill/bill.test.ts'] },
  { id: 'C6', tests: ['packages/protocol/test/bill/reader.test.ts'] },
  { id: 'C7', tests: ['packages/protocol/test/keys/pem.test.ts'] },
  { id: 'C9', tests: ['packages/protocol/test/mini-program/user-data.test.ts'] },
  { id: 'C10', tests: ['packages/sdk/test/outcome.test.ts'] },
  { id: 'D1', tests: [`${JOURNEYS}/wechat-said.test.ts`, 'packages/cli/test/story.test.ts', 'packages/miniprogram/test/heard.test.ts'] },
  { id: 'D4', tests: [`${JOURNEYS}/config.test.ts`, `${JOURNEYS}/trust-health.test.ts`, 'packages/cli/test/command.test.ts'] },
  { id: 'D5', tests: [`${JOURNEYS}/console-refund.test.ts`] },
  { id: 'D7', tests: [`${JOURNEYS}/kept-is-sent.test.ts`] },
  { id: 'F1', tests: ['packages/cli/test/command.test.ts', 'packages/cli/test/keys.test.ts'] },
  {
    id: 'F3',
    tests: ['packages/cli/test/keys.test.ts', 'test/house/incidents-page.test.ts', 'packages/store/test/migrations.test.ts'],
  },
  { id: 'F5', tests: ['packages/miniprogram/test/heard.test.ts'] },
  { id: 'F6', tests: ['packages/phone/test/phone-story.test.ts', 'test/browser/phone.test.ts'] },
  { id: 'F8', tests: ['packages/cli/test/launched.test.ts'] },
  {
    id: 'G1',
    tests: [`${JOURNEYS}/clock.test.ts`, 'packages/store/test/event-id.test.ts', 'packages/domain/test/time/schedule.test.ts'],
  },
  { id: 'G2', tests: ['packages/cli/test/backup.test.ts', 'test/postgres/backup-drill.test.ts'] },
  { id: 'G3', tests: [`${JOURNEYS}/database-fault.test.ts`] },
  { id: 'G4', tests: [`${JOURNEYS}/database-fault.test.ts`] },
  { id: 'G5', tests: ['packages/emulator/test/kill.test.ts', 'packages/emulator/test/state-file.test.ts'] },
  { id: 'G6', tests: ['packages/emulator/test/faults/raw-faults.test.ts'] },
  { id: 'G7', tests: [`${JOURNEYS}/in-hand.test.ts`, `${JOURNEYS}/overload.test.ts`, 'packages/store/test/transactions.test.ts'] },
]

if (import.meta.main) for (const { id, tests } of FINDINGS) console.log(`found ${id.padEnd(4)} ${tests.join(', ')}`)

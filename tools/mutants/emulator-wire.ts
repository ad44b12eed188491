// What others read of the emulator: names on the socket, the key that signs, the shape of live answers.

import type { Mutant } from './mutant.ts'

const SRC = 'packages/emulator/src'
const TEST = 'packages/emulator/test'

export const EMULATOR_WIRE: readonly Mutant[] = [
  {
    id: 'wire-1',
    file: `${SRC}/http/write-answer.ts`,
    from: 'outgoing.writeHead(status, spelledHeaders(headers))',
    to: 'outgoing.writeHead(status, [...headers].flat())',
    tests: [`${TEST}/wire/names.test.ts`],
    why: 'names are in lower case, and the official Java SDK finds no signature',
  },
  {
    id: 'wire-2',
    file: `${SRC}/emulator.ts`,
    from: 'options.fetch ?? sendRequest',
    to: 'options.fetch ?? ((request: Request) => fetch(request))',
    tests: [`${TEST}/wire/names.test.ts`],
    why: 'notifications carry headers of a browser',
  },
  {
    id: 'wire-3',
    file: `${SRC}/platform/notifications/v3.ts`,
    from: "keyKind === 'both' ? drawn(behaviour.public_key_share, random) : keyKind === 'public_key'",
    to: 'true',
    tests: [`${TEST}/merchant-keys.test.ts`],
    why: 'a merchant with certificates only cannot verify its notifications',
  },
  {
    id: 'wire-4',
    file: `${SRC}/http/v3/gate/authenticate.ts`,
    from: "asked === wechatpayKey.serial && keyKind !== 'certificate'",
    to: 'asked === wechatpayKey.serial',
    tests: [`${TEST}/merchant-keys.test.ts`],
    why: 'a merchant is answered under a key that it does not have',
  },
  {
    id: 'wire-5',
    file: `${SRC}/http/v3/serve.ts`,
    from: "body: result === null ? '' : canonical(result)",
    to: "body: result === null ? '' : JSON.stringify(result)",
    tests: [`${TEST}/live/live-answers.test.ts`],
    why: 'members come in another order than live',
  },
  {
    id: 'wire-6',
    file: `${SRC}/platform/sharing/rules.ts`,
    from: 'const shared = detail_id === undefined || detail_id !== share.rest',
    to: 'const shared = true',
    tests: [`${TEST}/live/live-answers.test.ts`],
    why: 'money that was never shared can be returned',
  },
  {
    id: 'wire-7',
    file: 'packages/server/src/health/trust.ts',
    from: 'error instanceof ApiError ? error.refusal.signature_fault : signatureFaultOf(error)',
    to: 'signatureFaultOf(error)',
    tests: ['test/journeys/trust-health.test.ts'],
    why: 'a wrong public key is noticed only by the first buyer',
  },
]

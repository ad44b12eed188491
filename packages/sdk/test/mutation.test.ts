// 100,000 mutations of a valid notification and of a valid answer: none is accepted, none ends in an error without a type.

import { apiV3Key, CashdeskError, privateKey, sealNotification, signAnswer } from '@cashdesk/protocol'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { createWechatPay, type WechatPay } from '../src/index.ts'
import { aWechat, IDS, type Wechat } from './wechat.ts'

const RUNS = 100_000
let wechat: Wechat
beforeAll(async () => {
  wechat = await aWechat()
})

interface Message {
  headers: [string, string][]
  body: Buffer
}

/** What can happen to a message on the way. Each yields something that differs from the original. */
type Mutation = (original: Message) => Message

const byte = fc.nat(255)
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  // A byte of the body changed, anywhere.
  fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })).map(
    ([at, xor]): Mutation =>
      ({ headers, body }) => {
        const changed = Buffer.from(body)
        const i = at % changed.length
        changed[i] = (changed[i] ?? 0) ^ xor
        return { headers, body: changed }
      },
  ),
  // Cut, doubled, extended, reversed, swapped halves.
  fc.nat().map(
    (at): Mutation =>
      (m) => ({ ...m, body: m.body.subarray(0, at % m.body.length) }),
  ),
  fc.constant<Mutation>((m) => ({ ...m, body: Buffer.concat([m.body, m.body]) })),
  fc.tuple(byte, fc.boolean()).map(
    ([one, front]): Mutation =>
      (m) => ({ ...m, body: Buffer.concat(front ? [Buffer.of(one), m.body] : [m.body, Buffer.of(one)]) }),
  ),
  fc.integer({ min: 1, max: 5000 }).map(
    (at): Mutation =>
      (m) => {
        const i = 1 + (at % (m.body.length - 2))
        return { ...m, body: Buffer.concat([m.body.subarray(i), m.body.subarray(0, i)]) }
      },
  ),
  // A header removed, emptied, changed in one character, or replaced.
  fc
    .tuple(
      fc.nat(3),
      fc.constantFrom('remove', 'empty', 'change', 'replace', 'case'),
      fc.nat(),
      fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 400 }),
    )
    .map(
      ([which, how, at, text]): Mutation =>
        ({ headers, body }) => ({
          body,
          headers: headers.flatMap(([name, value], i): [string, string][] =>
            i === which ? edited(name, value, how, at, text) : [[name, value]],
          ),
        }),
    ),
  // Two headers exchanged.
  fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 3 })).map(
    ([a, step]): Mutation =>
      ({ headers, body }) => {
        const values = headers.map(([, value]) => value)
        const b = (a + step) % 4
        return { body, headers: headers.map(([name, value], i) => [name, (i === a ? values[b] : i === b ? values[a] : value) ?? '']) }
      },
  ),
)

function edited(name: string, value: string, how: string, at: number, text: string): [string, string][] {
  if (how === 'remove') return []
  if (how === 'empty') return [[name, '']]
  if (how === 'replace') return [[name, text === value ? `${text}x` : text]]
  const i = at % value.length
  const character = value.charAt(i)
  // Case matters in the signature and the nonce, digits have none.
  const other = how === 'case' ? swapCase(character) : String.fromCharCode(character.charCodeAt(0) ^ 1)
  return [[name, value.slice(0, i) + (other === character ? `${character}0` : other) + value.slice(i + 1)]]
}

function swapCase(character: string): string {
  return character === character.toLowerCase() ? character.toUpperCase() : character.toLowerCase()
}

/** The serial may be written in either case: that is no change of meaning. */
function sameMeaning(a: Message, b: Message): boolean {
  const plain = ({ headers, body }: Message): string =>
    JSON.stringify([
      headers.map(([name, value]) => [name, name === 'Wechatpay-Serial' ? value.toUpperCase().trim() : value]),
      body.toString('base64'),
    ])
  return plain(a) === plain(b)
}

const source = {
  get: (headers: [string, string][]) => (name: string) => headers.find(([one]) => one.toLowerCase() === name.toLowerCase())?.[1] ?? null,
}

async function signed(body: Buffer): Promise<Message> {
  const { direct } = wechat.emulator.keys
  const headers = await signAnswer(
    { serial: direct.public_key_id, privateKey: privateKey(direct.public_key_private) },
    body,
    wechat.clock.now(),
    'Nonce0123456789abcdefABCDEF01234',
  )
  const names = ['Wechatpay-Timestamp', 'Wechatpay-Nonce', 'Wechatpay-Signature', 'Wechatpay-Serial']
  return { headers: names.map((name): [string, string] => [name, headers[name] ?? '']), body }
}

async function expectRefused(act: () => Promise<unknown>, mutated: Message): Promise<void> {
  try {
    await act()
  } catch (error) {
    if (error instanceof CashdeskError) return
    throw new Error(`an error without a type: ${String(error)}`, { cause: error })
  }
  throw new Error(`accepted: ${JSON.stringify(mutated.headers)} ${mutated.body.toString('base64')}`)
}

test(`${RUNS} mutations of a notification`, async () => {
  const client = wechat.client()
  const transaction = {
    mchid: IDS.mchid,
    appid: 'wx',
    out_trade_no: 'ORDER-1',
    transaction_id: '42',
    trade_state: 'SUCCESS',
    amount: { total: 1 },
  }
  const original = await signed(
    Buffer.from(
      sealNotification(apiV3Key(wechat.emulator.keys.direct.api_v3_key), {
        id: 'id',
        create_time: '2026-11-24T10:00:00+08:00',
        event_type: 'TRANSACTION.SUCCESS',
        summary: '支付成功',
        original_type: 'transaction',
        resource: transaction,
        nonce: 'abcdefghijkl',
      }),
    ),
  )
  const receive = (m: Message) => client.receive({ headers: { get: source.get(m.headers) }, body: m.body })
  await expect(receive(original)).resolves.toHaveProperty('kind', 'payment')
  await fc.assert(
    fc.asyncProperty(mutation, async (mutate) => {
      const mutated = mutate(original)
      fc.pre(!sameMeaning(mutated, original))
      await expectRefused(() => receive(mutated), mutated)
    }),
    { numRuns: RUNS },
  )
}, 900_000)

test(`${RUNS} mutations of an answer`, async () => {
  const original = await signed(Buffer.from('{"prepay_id":"wx26112221580621e9b071c00d9e093b0000"}'))
  let answer = original
  const client: WechatPay = createWechatPay({
    mchid: IDS.mchid,
    // Signing is not what is tried here, and would be most of the time.
    signer: { serial_no: wechat.emulator.settings.merchant_serial, sign: async () => 'c2ln' },
    apiV3Key: wechat.emulator.keys.direct.api_v3_key,
    publicKeys: { [wechat.emulator.settings.public_key_id]: wechat.emulator.settings.public_key },
    clock: wechat.clock,
    retries: 0,
    validate: false,
    fetch: async () => answerOf(answer),
  })
  const order = wechat.order()
  await expect(client.transactions.jsapi(order)).resolves.toHaveProperty('prepay_id')
  await fc.assert(
    fc.asyncProperty(mutation, async (mutate) => {
      answer = mutate(original)
      fc.pre(!sameMeaning(answer, original))
      await expectRefused(() => client.transactions.jsapi(order), answer)
    }),
    { numRuns: RUNS },
  )
}, 900_000)

/** Headers that fetch itself would not take are handed over as they are. */
function answerOf({ headers, body }: Message): Response {
  const response = new Response(new Uint8Array(body))
  Object.defineProperty(response, 'headers', { value: { get: source.get(headers) } })
  return response
}

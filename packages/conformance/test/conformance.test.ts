// The scenarios distinguish a careful client from a careless one, and from one that crashes.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { runConformance, type Verdict } from '../src/index.ts'

const node = (file: string) => `"${process.execPath}" --conditions=@cashdesk/source "${fileURLToPath(new URL(file, import.meta.url))}"`
const OURS = node('../../../examples/conformance-driver.ts')
const CARELESS = node('./careless-driver.cjs')

test('our SDK passes every scenario', async () => {
  const verdicts = await runConformance({ driver: OURS })
  expect(verdicts.filter(({ verdict }) => verdict !== 'pass')).toEqual([])
  for (const page of ['conformance.md', 'conformance.zh-CN.md']) {
    const text = readFileSync(new URL(`../../../docs/how-to/${page}`, import.meta.url), 'utf8')
    expect(text).toMatch(new RegExp(`${verdicts.length} (scenarios|个场景)`))
  }
})

test('a careless client fails exactly the scenarios that it should fail', async () => {
  const verdicts = await runConformance({ driver: CARELESS, answer_ms: 1500 })
  const found = (name: string): Partial<Verdict> | undefined => {
    const verdict = verdicts.find(({ scenario }) => scenario === name)
    return verdict && { was: verdict.was, verdict: verdict.verdict }
  }
  // It is right as long as there is no fault.
  expect(found('order.plain')).toEqual({ was: 'accepted', verdict: 'pass' })
  expect(found('notification.public_key')).toEqual({ was: 'accepted', verdict: 'pass' })
  expect(found('query.lost')).toEqual({ was: 'rejected', verdict: 'pass' })
  // It accepts what it must refuse.
  for (const name of ['unsigned', 'without_nonce', 'bad_signature', 'stale', 'future', 'wrong_serial', 'probe', 'http_500']) {
    expect(found(`query.${name}`), name).toEqual({ was: 'accepted', verdict: 'fail' })
  }
  for (const name of ['bad_signature', 'stale', 'future', 'probe', 'without_serial', 'reserialised']) {
    expect(found(`notification.${name}`), name).toEqual({ was: 'accepted', verdict: 'fail' })
  }
  // It crashed, did not answer, or has no such function: three different results.
  expect(found('close.plain')).toEqual({ was: 'crashed', verdict: 'fail' })
  expect(found('order.chinese')).toEqual({ was: 'hung', verdict: 'fail' })
  expect(found('refund.plain')).toEqual({ was: 'not offered', verdict: 'skip' })
  // It took an error of WeChat for an answer.
  expect(found('order.refused')).toEqual({ was: 'accepted', verdict: 'fail' })
})

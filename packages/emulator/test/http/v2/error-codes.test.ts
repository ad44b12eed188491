// Every err_code that an endpoint of v2 documents can be provoked, signed, under HTTP 200 (v2-protocol §3, §5–§9).

import { V2_COMMON_ERRORS } from '@cashdesk/protocol/v2/spec'
import { beforeAll, describe, expect, test } from 'vitest'
import { V2_SPECS } from '../../../../../tools/emulator-errors-page.ts'
import { callV2 } from '../../v2.ts'
import { aWorld, type World } from '../../world.ts'

let world: World
beforeAll(async () => {
  world = await aWorld()
})

describe.each(V2_SPECS.map((endpoint) => [endpoint.path, endpoint] as const))('%s', (path, { errors }) => {
  test.each([...errors, ...V2_COMMON_ERRORS])('%s', async (code) => {
    world.emulator.faults.add({ fault: 'request.refused', code })
    // Verified by `callV2`.
    const answer = await callV2(world, path, {})
    expect(answer).toMatchObject({ return_code: 'SUCCESS', result_code: 'FAIL', err_code: code, err_code_des: expect.any(String) })
    expect(world.emulator.faults.list()).toEqual([])
  })
})

test('the endpoints are all there, and nothing happened', () => {
  expect(V2_SPECS).toHaveLength(7)
  expect(world.emulator.truth().ledger).toEqual([])
})

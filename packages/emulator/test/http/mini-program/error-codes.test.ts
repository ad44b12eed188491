// Every errcode that an endpoint of api.weixin.qq.com documents can be provoked, under HTTP 200 with a rid (miniprogram-server-api §0).

import { beforeAll, describe, expect, test } from 'vitest'
import { MINI_PROGRAM_SPECS } from '../../../../../tools/emulator-errors-page.ts'
import { aWorld, type World } from '../../world.ts'
import { call } from './call.ts'

let world: World
beforeAll(async () => {
  world = await aWorld()
})

const EVERYWHERE = [-1, 40001, 40014, 41001, 42001, 43002, 45009, 45011, 47001]

describe.each(MINI_PROGRAM_SPECS.map((endpoint) => [endpoint.path, endpoint] as const))('%s', (path, { method, errcodes }) => {
  test.each([...errcodes, ...EVERYWHERE])('%i', async (errcode) => {
    world.emulator.faults.add({ fault: 'request.refused', code: String(errcode) })
    expect(await call(world, method, path)).toEqual({
      errcode,
      errmsg: expect.stringMatching(/ rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/),
    })
    expect(world.emulator.faults.list()).toEqual([])
  })
})

test('the endpoints are all there', () => {
  expect(MINI_PROGRAM_SPECS.length).toBeGreaterThan(14)
})

// Every code that an endpoint documents can be provoked, with the status it is documented with, signed, and in WeChat's shape (v3-protocol §12, merchant-transfer §6).

import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { codesOf, EMULATOR_ERRORS_PAGE, emulatorErrorsPage, V3_SPECS } from '../../../../../tools/emulator-errors-page.ts'
import { aWorld, START, type World } from '../../world.ts'

let world: World
beforeAll(async () => {
  world = await aWorld()
})

/** Any value will do: what is asked for is refused before it is looked at. */
const filled = (path: string): string => path.replaceAll(/\{\w+\}/g, 'A-1')

describe.each(V3_SPECS.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const))('%s', (_, endpoint) => {
  test.each(codesOf(endpoint).map(({ code, status }) => [code, status] as const))('%s is %i', async (code, status) => {
    world.emulator.faults.add({ fault: 'request.refused', code })
    const answer = await world.shop.call(endpoint.method, filled(endpoint.path), endpoint.method === 'POST' ? {} : undefined)
    expect({ status: answer.status, code: answer.body['code'] }).toEqual({ status, code })
    expect(typeof answer.body['message']).toBe('string')
    world.shop.verified(answer)
    expect(world.emulator.faults.list()).toEqual([])
  })
})

test('the endpoints are all there, and nothing happened', () => {
  expect(V3_SPECS.length).toBeGreaterThan(30)
  expect(world.emulator.truth().ledger).toEqual([])
  expect(world.clock.now()).toBe(START)
})

test('the page lists what the spec documents', () => {
  expect(readFileSync(EMULATOR_ERRORS_PAGE, 'utf8'), 'run npm run docs:emulator-errors').toBe(emulatorErrorsPage())
})

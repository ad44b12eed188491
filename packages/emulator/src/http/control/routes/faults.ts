// Arms, lists and removes faults.

import { Hono } from 'hono'
import { FAULTS, isFaultName } from '../../../faults/catalogue.ts'
import type { FaultInput } from '../../../faults/fault.ts'
import type { Faults } from '../../../faults/faults.ts'
import type { Weather } from '../../../faults/weather.ts'
import { ControlError, invalidInput } from '../control-error.ts'
import { type Input, optionalInteger, optionalText, readInput, requiredText } from '../input.ts'

export function faultRoutes(faults: Faults): Hono {
  const hono = new Hono()
  hono.get('/faults', (c) => c.json({ faults: faults.list(), known: FAULTS }))
  hono.post('/faults', async (c) => c.json(faults.add(faultOf(await readInput(c.req.raw))), 201))
  hono.get('/weather', (c) => c.json({ weather: faults.weather() ?? null }))
  hono.post('/weather', async (c) => {
    const weather = weatherOf(await readInput(c.req.raw))
    faults.setWeather(weather)
    return c.json({ weather })
  })
  hono.delete('/weather', (c) => {
    faults.setWeather(undefined)
    return c.json({})
  })
  hono.delete('/faults', (c) => {
    faults.remove()
    return c.json({})
  })
  hono.delete('/faults/:id{[0-9]+}', (c) => {
    const id = Number(c.req.param('id'))
    if (!faults.remove(id)) throw new ControlError(404, 'FAULT_UNKNOWN', `No fault ${id} is armed.`, `没有编号为 ${id} 的故障。`)
    return c.json({})
  })
  return hono
}

function faultOf(input: Input): FaultInput {
  const fault = requiredText(input, 'fault')
  if (!isFaultName(fault)) throw invalidInput('fault', `must be one of ${Object.keys(FAULTS).join(', ')}`, '未知的故障名称')
  const times = optionalInteger(input, 'times', 1)
  const seconds = optionalInteger(input, 'seconds', 0)
  const header = optionalText(input, 'header')
  const code = optionalText(input, 'code')
  const path = pathOf(input['match'])
  return {
    fault,
    ...(path !== undefined && { match: { path } }),
    ...(times !== undefined && { times }),
    ...(seconds !== undefined && { seconds }),
    ...(header !== undefined && { header }),
    ...(code !== undefined && { code }),
  }
}

function weatherOf(input: Input): Weather {
  const seed = optionalInteger(input, 'seed', 0) ?? 1
  const { rates } = input
  if (typeof rates !== 'object' || rates === null) throw invalidInput('rates', 'must be {"fault": chance}', '必须是 {"故障": 概率}')
  for (const [name, rate] of Object.entries(rates)) {
    if (!isFaultName(name)) throw invalidInput('rates', `${name} is no fault`, '未知的故障名称')
    if (typeof rate !== 'number' || !(rate >= 0 && rate <= 1))
      throw invalidInput('rates', `${name} must be 0 to 1`, '概率必须在 0 到 1 之间')
  }
  // The checks above have proved that every name is a fault and every value a number.
  return { seed, rates: rates as Weather['rates'] }
}

function pathOf(match: unknown): string | undefined {
  if (match === undefined) return undefined
  const known = typeof match === 'object' && match !== null && Object.keys(match).every((key) => key === 'path')
  if (!known) throw invalidInput('match', 'must be {path}', '必须是 {path}')
  // The check above has proved that `path` is the only key.
  return optionalText(match as Input, 'path')
}

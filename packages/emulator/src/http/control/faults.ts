// Arms, lists and takes back faults.

import { Hono } from 'hono'
import { FAULTS, isFaultName } from '../../faults/catalogue.ts'
import type { FaultInput, Faults } from '../../faults/faults.ts'
import { ControlError, invalidInput } from './control-error.ts'
import { type Input, optionalInteger, optionalText, readInput, requiredText } from './input.ts'

export function faultRoutes(faults: Faults): Hono {
  const hono = new Hono()
  hono.get('/faults', (c) => c.json({ faults: faults.list(), known: FAULTS }))
  hono.post('/faults', async (c) => c.json(faults.add(faultOf(await readInput(c.req.raw))), 201))
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
  const path = pathOf(input['match'])
  return {
    fault,
    ...(path !== undefined && { match: { path } }),
    ...(times !== undefined && { times }),
    ...(seconds !== undefined && { seconds }),
    ...(header !== undefined && { header }),
  }
}

function pathOf(match: unknown): string | undefined {
  if (match === undefined) return undefined
  const known = typeof match === 'object' && match !== null && Object.keys(match).every((key) => key === 'path')
  if (!known) throw invalidInput('match', 'must be {path}', '必须是 {path}')
  // Every key of this object is `path`.
  return optionalText(match as Input, 'path')
}

// Reads and sets the behaviour of this WeChat: delays, fee, ratios, limits.

import { Hono } from 'hono'
import { BEHAVIOUR, type Behaviour } from '../../../platform/behaviour.ts'
import type { Platform } from '../../../platform/platform.ts'
import { invalidInput } from '../control-error.ts'
import { type Input, optionalInteger, readInput } from '../input.ts'

export function behaviourRoutes({ behaviour }: Platform): Hono {
  const hono = new Hono()
  hono.get('/behaviour', (c) => c.json({ ...behaviour }))
  hono.post('/behaviour', async (c) => {
    const input = await readInput(c.req.raw)
    Object.assign(behaviour, changesOf(input))
    return c.json({ ...behaviour })
  })
  return hono
}

/** Each value must have the same type as its default. */
function changesOf(input: Input): Partial<Behaviour> {
  const changes: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(input)) {
    if (!Object.hasOwn(BEHAVIOUR, name)) throw invalidInput(name, `is not one of ${Object.keys(BEHAVIOUR).join(', ')}`, '未知的设置项')
    if (name === 'trade_state_refund') changes[name] = momentOf(value)
    else if (name === 'rate_limits') changes[name] = limitsOf(value)
    else if (typeof BEHAVIOUR[name as keyof Behaviour] === 'boolean') changes[name] = requiredTruth(name, value)
    else changes[name] = optionalInteger(input, name, 0)
  }
  return changes
}

function requiredTruth(name: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw invalidInput(name, 'must be true or false', '必须是 true 或 false')
  return value
}

function momentOf(value: unknown): Behaviour['trade_state_refund'] {
  if (value === 'request' || value === 'success') return value
  throw invalidInput('trade_state_refund', "must be 'request' or 'success'", '必须是 request 或 success')
}

function limitsOf(value: unknown): Record<string, number> {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : undefined
  const limits = entries?.filter((entry): entry is [string, number] => Number.isSafeInteger(entry[1]) && Number(entry[1]) > 0)
  if (!entries || limits?.length !== entries.length) {
    throw invalidInput('rate_limits', 'must be {"/path": calls per second}', '必须是 {"/路径": 每秒次数}')
  }
  return Object.fromEntries(limits)
}

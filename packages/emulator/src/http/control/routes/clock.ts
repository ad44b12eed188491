// Reads and moves the emulator's time. Moving it forward first delivers everything that falls due on the way, then answers.

import { beijingTime } from '@cashdesk/protocol'
import { Hono } from 'hono'
import type { Platform } from '../../../platform/platform.ts'
import { invalidInput } from '../control-error.ts'
import { type Input, optionalInteger, readInput } from '../input.ts'

export function clockRoutes({ clock }: Platform): Hono {
  const hono = new Hono()
  const tell = (): Record<string, unknown> => ({ now: clock.now(), time: beijingTime(clock.now()), offset_ms: clock.offset_ms() })

  hono.get('/clock', (c) => c.json(tell()))
  hono.post('/clock', async (c) => {
    const input = await readInput(c.req.raw)
    const advance_ms = optionalInteger(input, 'advance_ms', 0)
    const now = input['to'] === 'bill' ? nextBill(clock.now()) : moment(input)
    if ((advance_ms === undefined) === (now === undefined))
      throw invalidInput('advance_ms', "give either advance_ms, now, or to: 'bill'", "请只提供 advance_ms、now 或 to: 'bill' 之一")
    if (now === undefined) await clock.advance(advance_ms ?? 0)
    else await clock.set(now)
    return c.json(tell())
  })
  return hono
}

const DAY_MS = 24 * 60 * 60 * 1000

/** 10:00 of the next day in Beijing, when the bill of the day that now runs can be had (bills §1). */
function nextBill(now: number): number {
  const today = beijingTime(now).slice(0, 10)
  return Date.parse(`${today}T10:00:00+08:00`) + DAY_MS
}

/** The target time as epoch milliseconds, given as such or as RFC 3339. */
function moment(input: Input): number | undefined {
  const { now } = input
  if (typeof now !== 'string') return optionalInteger(input, 'now', 0)
  const parsed = Date.parse(now)
  if (Number.isNaN(parsed)) throw invalidInput('now', 'must be epoch milliseconds or RFC 3339', '必须是毫秒时间戳或 RFC 3339 时间')
  return parsed
}

// Serves one request to api.weixin.qq.com. Errors are answered as HTTP 200 with errcode, errmsg and a rid (miniprogram-server-api §0).

import type { Faults } from '../../faults/faults.ts'
import { Errcode } from '../../platform/mini-program/errcode.ts'
import type { Platform } from '../../platform/platform.ts'
import { randomHex } from '../../ports/random.ts'
import type { Exchange } from '../exchange.ts'
import type { SeenRequest } from '../seen.ts'
import type { MiniRoute } from './route.ts'

export interface MiniWorld {
  platform: Platform
  faults: Faults
}

export function serveMiniProgram({ platform, faults }: MiniWorld, route: MiniRoute, exchange: Exchange, seen: SeenRequest): Response {
  const { method, path } = exchange
  try {
    if (method !== route.method) throw route.method === 'POST' ? new Errcode(43002) : new Errcode(43001, 'require GET method')
    checkTraffic(faults, path, seen)
    const answer = route.serve(exchange)
    const broken = faults.strike(['answer.http_500'], path)
    if (broken) {
      seen.fault = broken.fault
      throw new Errcode(-1)
    }
    return json(path, answer)
  } catch (error) {
    if (!(error instanceof Errcode)) throw error
    seen.code = String(error.errcode)
    seen.message = error.message
    return json(path, { errcode: error.errcode, errmsg: `${error.message} rid: ${rid(platform)}` })
  }
}

/** `/sns` answers name their type text/plain, as reported (miniprogram-server-api §0). */
function json(path: string, answer: object): Response {
  const type = path.startsWith('/sns/') ? 'text/plain' : 'application/json; charset=UTF-8'
  return new Response(JSON.stringify(answer), { headers: { 'Content-Type': type } })
}

/** Refuses the call before anything is done: because of a fault, or because there were too many calls. */
function checkTraffic(faults: Faults, path: string, seen: SeenRequest): void {
  const fault = faults.strike(['request.refused', 'answer.http_429'], path)
  if (!fault) return
  seen.fault = fault.fault
  throw new Errcode(fault.fault === 'answer.http_429' ? 45011 : errcodeOf(fault.code))
}

/** The fault's code when it is a number; otherwise the errcode for a busy system. */
function errcodeOf(code: string | undefined): number {
  return code !== undefined && /^-?\d{1,10}$/.test(code) ? Number(code) : -1
}

/** Three groups of 8 hex digits. The first one is the time. */
function rid({ clock, random }: Platform): string {
  const seconds = Math.floor(clock.now() / 1000)
    .toString(16)
    .padStart(8, '0')
  return `${seconds}-${randomHex(random, 4)}-${randomHex(random, 4)}`
}

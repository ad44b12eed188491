// Serves one v3 request: front end checks, authentication, the endpoint, the signed answer, and the faults on the way.

import { COMMON_ERRORS } from '@cashdesk/protocol'
import type { FaultName } from '../../faults/catalogue.ts'
import { signatureHeaders } from '../../faults/distort.ts'
import type { Faults } from '../../faults/faults.ts'
import { canonical } from '../../platform/canonical.ts'
import type { Merchant, SigningKey } from '../../platform/merchants/merchants.ts'
import type { Platform } from '../../platform/platform.ts'
import { Refusal } from '../../platform/refusal.ts'
import { randomHex } from '../../ports/random.ts'
import type { Exchange } from '../exchange.ts'
import { RawFile } from '../raw-file.ts'
import type { SeenRequest } from '../seen.ts'
import { answerKey, authenticate, ownKey } from './gate/authenticate.ts'
import { matchRoute } from './match.ts'
import type { Route } from './route.ts'
import { provoked } from './sentinel.ts'

export interface V3World {
  platform: Platform
  faults: Faults
  routes: readonly Route[]
}

interface Answer {
  status: number
  body: string
  /** A file, sent in place of `body`. */
  file?: Buffer
  /** The key that signs the answer. Absent when WeChat's front end refused, because those answers are not signed (v3-protocol §4). */
  key?: SigningKey
  /** The number at the end of Request-ID. */
  internal: number
}

const SIGNED_FAULTS: readonly FaultName[] = [
  'answer.unsigned',
  'answer.bad_signature',
  'answer.stale',
  'answer.future',
  'answer.wrong_serial',
  'answer.probe',
]

export async function serveV3(world: V3World, exchange: Exchange, seen: SeenRequest): Promise<Response> {
  const match = matchRoute(world.routes, exchange.method, exchange.path)
  if ('status' in match) return new Response(null, { status: match.status })
  const answer = respond(world, exchange, seen, match.route, match.parts)
  return write(world, exchange, seen, answer)
}

function respond(world: V3World, exchange: Exchange, seen: SeenRequest, route: Route, parts: Record<string, string>): Answer {
  const { merchants, clock } = world.platform
  let key: SigningKey | undefined
  try {
    checkFrontEnd(exchange)
    const merchant = authenticate(merchants, exchange, clock.now(), seen)
    key = ownKey(merchants, merchant)
    key = answerKey(merchants, merchant, exchange.headers)
    checkTraffic(world, exchange, merchant, route, seen)
    const result = route.serve({ merchant, parts, ...exchange })
    if (result instanceof RawFile) return { status: 200, body: '', file: result.bytes, internal: 0 }
    return { status: result === null ? 204 : 200, body: result === null ? '' : canonical(result), key, internal: 0 }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    seen.code = error.code
    seen.message = error.message
    if (error.why) seen.why = error.why
    return { status: error.status, body: canonical(error.body()), ...(key && { key }), internal: error.internal }
  }
}

/** Refuses the call before anything is done: because of a fault, or because there were too many calls. */
function checkTraffic(world: V3World, { path }: Exchange, merchant: Merchant, route: Route, seen: SeenRequest): void {
  const tooMany = path.startsWith('/v3/fund-app/') ? 'FREQUENCY_LIMIT_EXCEED' : 'FREQUENCY_LIMITED'
  const fault = world.faults.strike(['request.refused', 'answer.http_429'], path)
  if (fault) {
    seen.fault = fault.fault
    const code = fault.fault === 'answer.http_429' ? tooMany : (fault.code ?? 'SYSTEM_ERROR')
    const known = [...route.errors, ...COMMON_ERRORS].find((error) => error.code === code)
    throw provoked({ code, status: known?.status ?? (fault.fault === 'answer.http_429' ? 429 : 400) })
  }
  if (world.platform.limiter.exceeded(merchant.mchid, path)) throw provoked({ status: 429, code: tooMany })
}

/** Certificates and refunds check these headers before the signature; orders do not check them (probed, v3-protocol §2). */
function checkFrontEnd({ path, headers }: Exchange): void {
  if (path !== '/v3/certificates' && !path.startsWith('/v3/refund/')) return
  if (headers.get('Accept') && headers.get('User-Agent')) return
  throw new Refusal(400, 'INVALID_REQUEST', 'Http头缺少Accept或User-Agent')
}

async function write(world: V3World, exchange: Exchange, seen: SeenRequest, acted: Answer): Promise<Response> {
  const { clock, random } = world.platform
  const answer = world.faults.strike(['answer.http_500'], exchange.path) ? systemError(seen, acted, exchange.path) : acted

  const headers = new Headers(ALWAYS)
  headers.set('Content-Type', answer.file ? 'application/x-download' : 'application/json; charset=utf-8')
  const why = shownReason(seen)
  if (why !== undefined) headers.set('X-Emulator-Why', why)
  // An authentication error on an order path carries no Request-ID (probed, v3-protocol §11).
  if (answer.key || !exchange.path.startsWith('/v3/pay/')) {
    headers.set('Request-ID', `${randomHex(random, 21).toUpperCase()}-${answer.internal}`)
    seen.request_id = headers.get('Request-ID') ?? ''
  }
  if (answer.key) {
    const fault = world.faults.strike(SIGNED_FAULTS, exchange.path)
    if (fault) seen.fault = fault.fault
    const signature = await signatureHeaders(answer.key, answer.body, clock.now(), random, fault)
    for (const [name, value] of Object.entries(signature)) headers.set(name, value)
  }
  return new Response(answer.status === 204 ? null : bodyOf(answer), { status: answer.status, headers })
}

/** As posted with live answers (docs/reference/wechat/live-answers.md). */
const ALWAYS: Readonly<Record<string, string>> = {
  Server: 'nginx',
  'Cache-Control': 'no-cache, must-revalidate',
  'Content-Language': 'zh-CN',
  'X-Content-Type-Options': 'nosniff',
}

const WHY_CHARACTERS_MAX = 300

/** Why the request was refused, for the header of the emulator's own: WeChat's body stays as WeChat's is. Headers hold ASCII only. */
function shownReason({ explanation, why }: SeenRequest): string | undefined {
  const text = explanation ? `${explanation.cause}: ${explanation.en}` : why && `${why.field}: ${why.issue}`
  return text?.replace(/[^\x20-\x7e]/g, '?').slice(0, WHY_CHARACTERS_MAX)
}

function bodyOf({ file, body }: Answer): Uint8Array<ArrayBuffer> | string {
  // Copied, because Response wants an ArrayBuffer of its own.
  return file ? new Uint8Array(file) : body
}

/** Combined orders keep the old spelling of the code (v3-endpoints §7). */
function systemError(seen: SeenRequest, acted: Answer, path: string): Answer {
  seen.fault = 'answer.http_500'
  const code = path.startsWith('/v3/combine-transactions/') ? 'SYSTEMERROR' : 'SYSTEM_ERROR'
  const { file: _, ...rest } = acted
  return { ...rest, status: 500, body: canonical({ code, message: '系统异常，请稍后重试' }), internal: 268435456 }
}

// Serves one v2 request: checks it, runs the endpoint, signs the answer, and plays faults on the way. The status is always HTTP 200 (v2-protocol §1).

import { formatFields, type SignType, sealV2 } from '@cashdesk/protocol/v2'
import type { ArmedFault } from '../../faults/fault.ts'
import type { Faults } from '../../faults/faults.ts'
import type { Merchant } from '../../platform/merchants/merchants.ts'
import type { Platform } from '../../platform/platform.ts'
import { Refusal } from '../../platform/refusal.ts'
import { type V2Fields, writable } from '../../platform/v2/fields.ts'
import { nonce } from '../../ports/random.ts'
import type { Exchange } from '../exchange.ts'
import { RawFile } from '../raw-file.ts'
import type { SeenRequest } from '../seen.ts'
import { checkCertificate } from './gate/certificate.ts'
import { authenticateV2, type V2Caller } from './gate/gate.ts'
import { refusalInV2, V2Failure, V2Refusal } from './refusal.ts'
import { echoed, type V2Route } from './route.ts'
import { provokedInV2 } from './sentinel.ts'

export interface V2World {
  platform: Platform
  faults: Faults
  routes: readonly V2Route[]
}

export function serveV2(world: V2World, exchange: Exchange, seen: SeenRequest): Response {
  const route = world.routes.find(({ path }) => path === exchange.path)
  if (!route) return new Response(null, { status: 404 })
  try {
    return answerTo(world, exchange, authenticateV2(world.platform.merchants, exchange, seen), route, seen)
  } catch (error) {
    if (!(error instanceof V2Failure)) throw error
    seen.code = error.code
    seen.message = error.message
    return xml(formatFields({ return_code: 'FAIL', return_msg: error.message, ...error.more }))
  }
}

function answerTo(world: V2World, exchange: Exchange, caller: V2Caller, route: V2Route, seen: SeenRequest): Response {
  const { path } = exchange
  const acted = act(world, exchange, caller, route, seen)
  const broken = world.faults.strike(['answer.http_500'], path)
  if (broken) seen.fault = broken.fault
  const said = broken ? refused(provokedInV2('SYSTEMERROR'), seen) : acted
  if (said instanceof RawFile) return new Response(new Uint8Array(said.bytes), { headers: { 'Content-Type': 'text/plain; charset=utf-8' } })

  const { merchant, sign_type, fields } = caller
  const nonce_str = nonce(world.platform.random)
  const answer = writable({ return_code: 'SUCCESS', return_msg: 'OK', ...echoed(fields), nonce_str, ...said })
  const fault = world.faults.strike(['answer.unsigned', 'answer.bad_signature'], path)
  if (fault) seen.fault = fault.fault
  return xml(sealed(merchant, sign_type, answer, fault))
}

function act(world: V2World, exchange: Exchange, caller: V2Caller, route: V2Route, seen: SeenRequest): V2Fields | RawFile {
  try {
    if (route.certificate) checkCertificate(exchange, caller.merchant, world.platform.clock.now())
    checkTraffic(world, caller.merchant, exchange.path, seen)
    const done = route.serve(caller)
    return done instanceof RawFile ? done : { result_code: 'SUCCESS', ...done }
  } catch (error) {
    if (error instanceof V2Refusal) return refused(error, seen)
    if (error instanceof Refusal) return refused(refusalInV2(error), seen)
    throw error
  }
}

/** The fields of a refusal, which is signed like any other answer. */
function refused({ err_code, message }: V2Refusal, seen: SeenRequest): V2Fields {
  seen.code = err_code
  seen.message = message
  return { result_code: 'FAIL', err_code, err_code_des: message }
}

/** Refuses the call before anything is done: because of a fault, or because there were too many calls. */
function checkTraffic({ faults, platform }: V2World, { mchid }: Merchant, path: string, seen: SeenRequest): void {
  const fault = faults.strike(['request.refused', 'answer.http_429'], path)
  if (fault) {
    seen.fault = fault.fault
    throw provokedInV2(fault.fault === 'answer.http_429' ? 'FREQUENCY_LIMITED' : (fault.code ?? 'SYSTEMERROR'))
  }
  if (platform.limiter.exceeded(mchid, path)) throw provokedInV2('FREQUENCY_LIMITED')
}

function sealed({ apiV2Key }: Merchant, signType: SignType, answer: V2Fields, fault: ArmedFault | undefined): string {
  if (fault?.fault === 'answer.unsigned') return formatFields(withoutEmpty(answer))
  // The signature is made over another nonce_str: it is wrong, although every field looks right.
  const body = sealV2({ key: apiV2Key, signType }, fault ? { ...answer, nonce_str: `${answer['nonce_str']}0` } : answer)
  return fault ? body.replace(`${answer['nonce_str']}0`, String(answer['nonce_str'])) : body
}

function withoutEmpty(answer: V2Fields): V2Fields {
  return Object.fromEntries(Object.entries(answer).filter(([, value]) => value !== undefined && value !== ''))
}

function xml(body: string): Response {
  return new Response(body, { headers: { 'Content-Type': 'text/xml; charset=utf-8' } })
}

// D16 for the mini-program APIs: no error shows AppSecret, token, session_key, code or openid, however it is printed and whatever WeChat or the network repeats.

import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import type { Fetch, MiniProgram } from '../../src/index.ts'
import { aPlatform, errorOf, OPENID, SECRET } from './platform.ts'

const SESSION_KEY = 'HyVFkGl5F5OQWJZZaNzBBg=='
const CODE = '0a3vY0000J9rVU1aBc200xyz'

const acts: Record<string, (program: MiniProgram) => Promise<unknown>> = {
  code2Session: (program) => program.code2Session(CODE),
  checkSessionKey: (program) => program.checkSessionKey({ openid: OPENID, session_key: SESSION_KEY }),
  resetUserSessionKey: (program) => program.resetUserSessionKey({ openid: OPENID, session_key: SESSION_KEY }),
  phoneNumber: (program) => program.phoneNumber({ code: CODE, openid: OPENID }),
  paidUnionid: (program) => program.paidUnionid({ openid: OPENID, transaction_id: '42' }),
  sendSubscribeMessage: (program) => program.sendSubscribeMessage({ touser: OPENID, template_id: 'T', data: { thing1: { value: 'x' } } }),
  listOrders: (program) => program.shipping.listOrders({ openid: OPENID }),
  invalid: (program) => program.shipping.listOrders({ openid: OPENID, page_size: 0 }),
}

const TOKEN = 'TOKEN-00000001'
const echo: Fetch = async (request) => {
  const text = `${decodeURIComponent(request.url)} ${await request.text()}`
  if (request.url.includes('stable_token')) return Response.json({ access_token: TOKEN, expires_in: 7200 })
  return Response.json({ errcode: 40097, errmsg: `invalid args: ${text}`.slice(0, 2000) })
}
const networks: Record<string, Fetch> = {
  'WeChat repeats the request in errmsg': echo,
  'the network names the address in its error': (request) =>
    request.url.includes('stable_token')
      ? echo(request)
      : Promise.reject(new TypeError('fetch failed', { cause: new Error(`connect ECONNREFUSED ${request.url}`) })),
  'the answer is not JSON': (request) =>
    request.url.includes('stable_token') ? echo(request) : Promise.resolve(new Response(request.url)),
  'the gateway is down': (request) =>
    request.url.includes('stable_token') ? echo(request) : Promise.resolve(new Response(request.url, { status: 502 })),
  'the token cannot be fetched': (request) => Promise.reject(new Error(request.url)),
}

test.each(Object.keys(networks).flatMap((network) => Object.keys(acts).map((act) => [network, act] as const)))(
  '%s: %s',
  async (network, act) => {
    const program = aPlatform().program({ fetch: (request) => networks[network]?.(request) ?? echo(request) })
    const error = await errorOf(acts[act]?.(program) ?? Promise.resolve())
    expect(error).toHaveProperty('code', expect.stringMatching(/^ERR_/))
    const printed = [inspect(error, { depth: 9, showHidden: true }), JSON.stringify(error), String(error), error.stack].join('\n')
    for (const secret of [SECRET, TOKEN, SESSION_KEY, encodeURIComponent(SESSION_KEY), CODE, OPENID]) expect(printed).not.toContain(secret)
    expect(inspect(program, { depth: 9, showHidden: true })).not.toContain(SECRET)
  },
)

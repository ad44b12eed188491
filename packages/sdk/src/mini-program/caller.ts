// The function that every verb of the mini program is given: it checks against the spec, adds the access token, sends, and renews a token that WeChat refuses.

import { MINI_PROGRAM_ENDPOINTS, type MiniProgramEndpointName } from '@cashdesk/protocol'
import type * as Spec from '@cashdesk/protocol/spec'
import { MiniProgramApiError, RequestError, UntrustedAnswerError } from '../errors.ts'
import type { AccessTokenSource } from './access-token.ts'
import { ask, type Line, nameOf, type Question } from './ask.ts'

export interface MiniProgramCall {
  endpoint: MiniProgramEndpointName
  query?: object | undefined
  body?: object | undefined
}

export interface MiniProgramCaller {
  readonly appid: string
  /** Epoch milliseconds. */
  now(): number
  /** Sends with the access token. Checks that the answer has each of `names`. */
  send(call: MiniProgramCall, ...names: readonly string[]): Promise<Record<string, unknown>>
  /** Sends with appid and app secret instead; only login needs this. */
  sendWithSecret(call: MiniProgramCall, ...names: readonly string[]): Promise<Record<string, unknown>>
}

export interface MiniProgramCallerOptions extends Line {
  appid: string
  app_secret: string
  tokens: AccessTokenSource
  validate: boolean
}

/** Errcodes about the access token (miniprogram-server-api §0). Nothing was carried out, so the same request may be sent again. */
const TOKEN_ERRCODES: ReadonlySet<number> = new Set([40001, 40014, 42001])
/** With the token at hand, after a plain renewal, and after a forced one. */
const TRIES_MAX = 3

export function miniProgramCaller(options: MiniProgramCallerOptions): MiniProgramCaller {
  const { appid, app_secret, tokens } = options

  async function asked(call: MiniProgramCall, run: (question: Question) => Promise<Record<string, unknown>>, names: readonly string[]) {
    if (options.validate) await check(call)
    const question = questionOf(call)
    const answer = await run(question)
    const missing = names.find((name) => answer[name] === undefined || answer[name] === '')
    if (missing) throw new UntrustedAnswerError('ERR_ANSWER_UNTRUSTED', { request: nameOf(question), reason: `no ${missing}` })
    return answer
  }

  return {
    appid,
    now: () => options.clock.now(),
    send: (call, ...names) =>
      asked(
        call,
        (asking) => withToken(tokens, (access_token) => ask(options, { ...asking, query: { access_token, ...call.query } })),
        names,
      ),
    sendWithSecret: (call, ...names) =>
      asked(call, (asking) => ask(options, { ...asking, query: { appid, secret: app_secret, ...call.query } }), names),
  }
}

function questionOf({ endpoint, query, body }: MiniProgramCall): Question {
  return { ...MINI_PROGRAM_ENDPOINTS[endpoint], query, body }
}

async function withToken<T>(tokens: AccessTokenSource, run: (token: string) => Promise<T>): Promise<T> {
  let token = await tokens.get()
  for (let tries = 1; ; tries++) {
    try {
      return await run(token)
    } catch (error) {
      if (!(error instanceof MiniProgramApiError) || !TOKEN_ERRCODES.has(error.errcode)) throw error
      if (tries === TRIES_MAX) throw afterRenewal(error)
      await tokens.invalidate(token)
      const next = await tokens.get()
      // If the token is unchanged the second time, WeChat's limits did not allow a forced refresh.
      if (tries > 1 && next === token) throw afterRenewal(error)
      token = next
    }
  }
}

function afterRenewal(error: MiniProgramApiError): MiniProgramApiError {
  const { errcode, meaning, hint, facts } = error
  return new MiniProgramApiError({ errcode, errmsg: String(facts['errmsg']), meaning, hint, token_renewed: true }, String(facts['request']))
}

/** The schemas are loaded with the first checked call. */
async function check(call: MiniProgramCall): Promise<void> {
  const spec = await import('@cashdesk/protocol/spec')
  const endpoint = spec[call.endpoint] as Spec.MiniProgramEndpoint<unknown, unknown>
  const part = call.body ? endpoint.body : endpoint.query
  // Through JSON and back: exactly what WeChat will get, without the undefined fields.
  const result = part?.safeParse(JSON.parse(JSON.stringify(call.body ?? call.query ?? {})))
  if (!result || result.success) return
  const [issue] = result.error.issues
  throw new RequestError('ERR_REQUEST_INVALID', {
    request: nameOf(questionOf(call)),
    field: `/${issue?.path.join('/') ?? ''}`,
    issue: issue?.message,
    source: endpoint.source,
  })
}

// Connects one endpoint of api.weixin.qq.com to the platform.
// Nearly all endpoints require an access token, which also identifies the mini program (miniprogram-server-api §0).

import type { MiniProgramEndpoint } from '@cashdesk/protocol/spec'
import { Errcode } from '../../platform/mini-program/errcode.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Exchange } from '../exchange.ts'
import { lenient, valueAt } from '../lenient.ts'
import type { Issue, Schema } from '../v3/validate.ts'

export interface MiniRoute {
  method: 'GET' | 'POST'
  path: string
  /** Gives the fields of the answer. @throws Errcode */
  serve(exchange: Exchange): object
}

export interface MiniInput<Body, Query> {
  appid: string
  body: Body
  query: Query
}

export interface MiniRouteOptions<Body, Query> {
  endpoint: MiniProgramEndpoint<Body, Query>
  /** The errcode for input that breaks the spec; 40097 when absent. `given` is the value that was sent. */
  wrong?: (issue: Issue, given: unknown) => number
  /** Gives the fields of the answer beside errcode 0. */
  act(input: MiniInput<Body, Query>): object
}

export function miniRoute<Body, Query>({ miniPrograms, limiter }: Platform, options: MiniRouteOptions<Body, Query>): MiniRoute {
  const { endpoint, wrong = () => 40097, act } = options
  return {
    method: endpoint.method,
    path: endpoint.path,
    serve({ query, body }) {
      const { access_token, ...rest } = Object.fromEntries(query)
      if (!access_token) throw new Errcode(41001, 'access_token missing')
      const appid = miniPrograms.tokens.appidOf(access_token)
      if (limiter.exceeded(appid, endpoint.path)) throw new Errcode(45011)
      const input = {
        appid,
        body: checked(endpoint.body, () => readJson(body), wrong),
        query: checked(endpoint.query, () => rest, wrong),
      }
      return { errcode: 0, errmsg: 'ok', ...act(input) }
    },
  }
}

/** Without a schema the value's type is `never`, so no endpoint can read it. */
function checked<T>(schema: Schema<T> | undefined, read: () => unknown, wrong: (issue: Issue, given: unknown) => number): T {
  if (!schema) return undefined as T
  const value = read()
  const result = lenient(schema, value)
  if ('data' in result) return result.data
  const issue = result.issue ?? { path: [], message: '' }
  throw new Errcode(wrong(issue, valueAt(value, issue.path)))
}

/** Reads the body as JSON, whatever its content type is. @throws Errcode 47001 */
export function readJson(body: Buffer): unknown {
  const value = parse(body.toString('utf8'))
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Errcode(47001)
  return value
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

// How this WeChat refuses a request: thrown anywhere below a route, turned into an answer in one place.

/** `detail` as WeChat sends it (v3-protocol §12). */
export interface RefusalDetail {
  location?: 'body' | 'url' | 'query' | 'authorization' | null
  value?: unknown
  [more: string]: unknown
}

/** The field and what is wrong with it, in the emulator's own words. They are no part of WeChat's answer. */
export interface Why {
  field: string
  issue: string
}

/** A v3 refusal (v3-protocol §12). `internal` is the number at the end of Request-ID (§11). */
export class Refusal extends Error {
  readonly status: number
  readonly code: string
  readonly detail: RefusalDetail | undefined
  readonly internal: number
  readonly why: Why | undefined

  constructor(status: number, code: string, message: string, more: { detail?: RefusalDetail; internal?: number; why?: Why } = {}) {
    super(message)
    this.status = status
    this.code = code
    this.detail = more.detail
    this.internal = more.internal ?? 268435461
    this.why = more.why
  }

  body(): { code: string; message: string; detail?: RefusalDetail } {
    return { code: this.code, message: this.message, ...(this.detail && { detail: this.detail }) }
  }
}

/** What is wrong with a value. Without `location` the value is in a header, and the answer has no `detail`. */
export interface WrongValue extends Why {
  value: unknown
  location?: 'body' | 'url' | 'query'
}

export function paramError(message: string, { field, issue, value, location }: WrongValue, internal?: number): Refusal {
  return new Refusal(400, 'PARAM_ERROR', message, {
    why: { field, issue },
    ...(location && { detail: { location, value } }),
    ...(internal !== undefined && { internal }),
  })
}

/** `paths` are the pointers of the fields that the API does not know, such as `/body/payer/sub_openid`. */
export function unknownFields(paths: readonly string[]): Refusal {
  return new Refusal(400, 'PARAM_ERROR', '请求中含有未在API文档中定义的参数', {
    why: { field: paths.join(', '), issue: 'unknown field' },
    detail: { location: null, value: paths },
    internal: 270924358,
  })
}

export function invalidRequest(message: string, internal?: number): Refusal {
  return new Refusal(400, 'INVALID_REQUEST', message, internal === undefined ? {} : { internal })
}

/** A signature error. The front end answers it, so the answer is never signed (v3-protocol §4). */
export function signError(message: string, detail?: RefusalDetail): Refusal {
  return new Refusal(401, 'SIGN_ERROR', message, { internal: 268443699, ...(detail && { detail }) })
}

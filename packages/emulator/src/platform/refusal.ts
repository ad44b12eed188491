// How this WeChat refuses a request: thrown anywhere below a route, turned into an answer in one place.

export interface RefusalDetail {
  field?: string
  value?: unknown
  issue?: string
  location?: 'body' | 'url' | 'query' | 'authorization'
  [more: string]: unknown
}

/** A v3 refusal (v3-protocol §12). `internal` is the number at the end of Request-ID (§11). */
export class Refusal extends Error {
  readonly status: number
  readonly code: string
  readonly detail: RefusalDetail | undefined
  readonly internal: number

  constructor(status: number, code: string, message: string, more: { detail?: RefusalDetail; internal?: number } = {}) {
    super(message)
    this.status = status
    this.code = code
    this.detail = more.detail
    this.internal = more.internal ?? 268435461
  }

  /** The same refusal with more in `detail`. */
  with(more: RefusalDetail): Refusal {
    return new Refusal(this.status, this.code, this.message, { detail: { ...this.detail, ...more }, internal: this.internal })
  }

  body(): { code: string; message: string; detail?: RefusalDetail } {
    return { code: this.code, message: this.message, ...(this.detail && { detail: this.detail }) }
  }
}

export function paramError(message: string, detail: RefusalDetail, internal?: number): Refusal {
  return new Refusal(400, 'PARAM_ERROR', message, { detail, ...(internal !== undefined && { internal }) })
}

export function invalidRequest(message: string, internal?: number): Refusal {
  return new Refusal(400, 'INVALID_REQUEST', message, internal === undefined ? {} : { internal })
}

/** A signature error. The front end answers it, so the answer is never signed (v3-protocol §4). */
export function signError(message: string, detail?: RefusalDetail): Refusal {
  return new Refusal(401, 'SIGN_ERROR', message, { internal: 268443699, ...(detail && { detail }) })
}

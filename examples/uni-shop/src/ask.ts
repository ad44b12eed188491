// uni.request as one promise: resolves with the answer, rejects with a sentence a shopper can read.

export interface Question {
  method?: 'GET' | 'POST'
  token?: string
  data?: object
}

/** The server said no. Branch on `status` and `code`; the message is for people. */
export class Refusal extends Error {
  readonly status: number
  readonly code: string | undefined

  constructor(status: number, { code, detail }: Problem) {
    super(detail ?? `服务器回答 ${status}`)
    this.status = status
    this.code = code
  }
}

interface Problem {
  code?: string
  detail?: string
}

export function ask<T>(url: string, { method = 'GET', token, data }: Question = {}): Promise<T> {
  const header = { 'Accept-Language': 'zh-CN', ...(token && { Authorization: `Bearer ${token}` }) }
  return new Promise((resolve, reject) => {
    uni.request({
      url,
      method,
      header,
      data,
      success: ({ statusCode, data: answer }) => {
        // The servers' contract: 2xx is T, everything else is problem+json.
        if (statusCode >= 200 && statusCode < 300) resolve(answer as T)
        else reject(new Refusal(statusCode, (answer ?? {}) as Problem))
      },
      fail: () => reject(new Error('网络不可用，请稍后再试')),
    })
  })
}

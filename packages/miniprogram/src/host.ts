// The interface to the phone's platform. Each platform has one adapter (such as wx.ts); the other files use only this interface.

/** Exactly the five fields that the server signed. Pass them on unchanged: WeChat refuses them if one character differs. */
export interface PaymentFields {
  timeStamp: string
  nonceStr: string
  package: string
  signType: 'RSA'
  paySign: string
}

/** What requestPayment reported, on success or failure, with any fields that the platform added. */
export interface Said {
  errMsg: string
  errno?: number | undefined
}

export interface HostRequest {
  method: 'GET' | 'POST'
  url: string
  header: Record<string, string>
  data?: object | undefined
}

export interface Host {
  /** Returns a new login code. It works once. */
  login(): Promise<string>
  /** Resolves for every HTTP status. Rejects only if no answer came. */
  request(request: HostRequest): Promise<{ status: number; data: unknown }>
  /** Resolves with the platform's result, also for cancel and failure. */
  requestPayment(fields: PaymentFields): Promise<Said>
  /** Storage that survives a restart of the app. */
  read(key: string): string | undefined
  write(key: string, value: string): void
  remove(key: string): void
  wait(ms: number): Promise<void>
}

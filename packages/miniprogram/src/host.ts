// What the phone must offer. One adapter per platform (wx.ts); everything else here knows only this.

/** Exactly the five fields that the server signed. They are passed on untouched: one changed character and WeChat refuses. */
export interface PaymentFields {
  timeStamp: string
  nonceStr: string
  package: string
  signType: 'RSA'
  paySign: string
}

/** What requestPayment reported, success or not, with whatever keys the platform added. */
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
  /** A fresh login code; works once. */
  login(): Promise<string>
  /** Resolves for every HTTP status; rejects only when no answer came. */
  request(request: HostRequest): Promise<{ status: number; data: unknown }>
  /** Resolves with whatever was said, also for cancel and failure. */
  requestPayment(fields: PaymentFields): Promise<Said>
  /** Storage that survives the app. */
  read(key: string): string | undefined
  write(key: string, value: string): void
  remove(key: string): void
  wait(ms: number): Promise<void>
}

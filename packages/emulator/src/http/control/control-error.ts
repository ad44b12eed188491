// The error of a wrong call to the control API: a stable code, and a sentence in English and Chinese.

export class ControlError extends Error {
  readonly status: 400 | 404
  readonly code: string
  readonly zh: string

  constructor(status: 400 | 404, code: string, en: string, zh: string) {
    super(en)
    this.status = status
    this.code = code
    this.zh = zh
  }

  answer(): Response {
    return Response.json({ code: this.code, en: this.message, zh: this.zh }, { status: this.status })
  }
}

export function invalidInput(field: string, en: string, zh: string): ControlError {
  return new ControlError(400, 'INPUT_INVALID', `${field}: ${en}`, `${field}：${zh}`)
}

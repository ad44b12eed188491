// What of a request must never be seen in an error, even where WeChat's errmsg repeats it.

const PRIVATE: ReadonlySet<string> = new Set(['access_token', 'code', 'js_code', 'openid', 'secret', 'session_key', 'signature', 'touser'])

/** The values of private fields, wherever they are in the request, as they are and as a query writes them. */
export function privateTexts(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => {
    if (!PRIVATE.has(name) || typeof inner !== 'string' || inner === '') return privateTexts(inner)
    return [inner, encodeURIComponent(inner)]
  })
}

export function cut(text: string, secrets: readonly string[]): string {
  return secrets.reduce((left, secret) => left.replaceAll(secret, '…'), text)
}

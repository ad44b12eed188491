// The texts of a request that must not appear in an error, even if WeChat's errmsg repeats them.

const PRIVATE: ReadonlySet<string> = new Set(['access_token', 'code', 'js_code', 'openid', 'secret', 'session_key', 'signature', 'touser'])

/** The values of private fields anywhere in the request, both plain and percent-encoded as in a query. */
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

// Finds where `{{` begins and ends. Braces inside an expression do not end it.

export type Part = string | { expression: string }

const parsed = new Map<string, readonly Part[]>()

export function mustache(source: string): readonly Part[] {
  let parts = parsed.get(source)
  if (!parts) {
    parts = split(source)
    parsed.set(source, parts)
  }
  return parts
}

function split(source: string): Part[] {
  const parts: Part[] = []
  let from = 0
  for (;;) {
    const open = source.indexOf('{{', from)
    const close = open < 0 ? -1 : closing(source, open + 2)
    if (close < 0) break
    if (open > from) parts.push(source.slice(from, open))
    parts.push({ expression: source.slice(open + 2, close) })
    from = close + 2
  }
  if (from < source.length) parts.push(source.slice(from))
  return parts
}

/** The position of the `}}` that ends the expression starting here. Strings and braces of the expression are skipped. */
function closing(source: string, start: number): number {
  let depth = 0
  let quote = ''
  for (let at = start; at < source.length; at++) {
    const sign = source.charAt(at)
    if (quote !== '') {
      if (sign === '\\') at++
      else if (sign === quote) quote = ''
    } else if (sign === '"' || sign === "'") quote = sign
    else if (sign === '{') depth++
    else if (sign === '}' && depth > 0) depth--
    else if (sign === '}' && source.charAt(at + 1) === '}') return at
  }
  return -1
}

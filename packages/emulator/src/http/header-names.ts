// Spells header names as WeChat does on HTTP/1.1. `Headers` keeps names in lower case, and some clients compare them exactly (v3-protocol §4).

/** Names that are not spelled with one capital letter for each word. */
const SPELLED: Readonly<Record<string, string>> = { 'request-id': 'Request-ID' }

/** The headers as node's flat list of names and values, spelled as WeChat spells them. */
export function spelledHeaders(headers: Headers): string[] {
  return [...headers].flatMap(([name, value]) => [spelled(name), value])
}

function spelled(name: string): string {
  return SPELLED[name] ?? name.replace(/(?:^|-)[a-z]/g, (start) => start.toUpperCase())
}

// The target of a request: its path and query, exactly as they are signed and sent.

/** Undefined members are left out of the query, as JSON leaves them out. */
export function targetOf(path: string, query: object | undefined): string {
  const pairs = Object.entries(query ?? {}).filter((pair): pair is [string, string] => pair[1] !== undefined)
  return pairs.length > 0 ? `${path}?${new URLSearchParams(pairs)}` : path
}

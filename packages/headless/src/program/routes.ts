// Resolves addresses inside a mini program: `../order/order?id=1`, seen from a page, becomes a route and a query.

import { posix } from 'node:path'

export interface Address {
  route: string
  /** The values as written, because WeChat does not decode them. */
  query: Record<string, string>
}

export function addressOf(url: string, from = ''): Address {
  const [path = '', search = ''] = url.split('?', 2)
  const route = path.startsWith('/') ? path.slice(1) : posix.join(posix.dirname(from), path)
  const pairs = search.split('&').filter(Boolean)
  const query = Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=')
      return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)]
    }),
  )
  return { route: route.replace(/\.html$/, ''), query }
}

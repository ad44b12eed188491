// Finds the route for a method and a raw path. WeChat answers an unknown path with 404 and a wrong method with 405, both without a body (v3-protocol §12).

import type { Route } from './route.ts'

export type Match = { route: Route; parts: Record<string, string> } | { status: 404 | 405 }

export function matchRoute(routes: readonly Route[], method: string, path: string): Match {
  let pathKnown = false
  for (const route of routes) {
    const parts = partsOf(route.path, path)
    if (!parts) continue
    if (route.method === method) return { route, parts }
    pathKnown = true
  }
  return { status: pathKnown ? 405 : 404 }
}

function partsOf(template: string, path: string): Record<string, string> | undefined {
  const wanted = template.split('/')
  const given = path.split('/')
  if (wanted.length !== given.length) return undefined
  const parts: Record<string, string> = {}
  for (const [index, segment] of wanted.entries()) {
    const actual = given[index] ?? ''
    if (!segment.startsWith('{')) {
      if (segment !== actual) return undefined
      continue
    }
    const value = decode(actual)
    if (!value) return undefined
    parts[segment.slice(1, -1)] = value
  }
  return parts
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}

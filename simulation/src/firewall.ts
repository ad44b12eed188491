// Answers with a foreign HTML page, as firewalls, gateways and maintenance pages do, before WeChat or before our own server.

import type { Chance } from './chance.ts'

export interface Firewall {
  /** The next `count` requests are answered with a page. */
  arm(count: number): void
  /** A page, or undefined if the request passes. */
  page(): Response | undefined
  disarm(): void
}

const PAGE = '<!doctype html><html><body><h1>Blocked</h1><p>请求被防火墙拦截</p></body></html>'
const PAGES: readonly (() => Response)[] = [
  ...[200, 403, 404, 502].map((status) => () => new Response(PAGE, { status, headers: { 'content-type': 'text/html; charset=utf-8' } })),
  () => new Response(null, { status: 200 }),
  () => new Response('{}', { status: 200, headers: { 'content-type': 'application/json' } }),
  () => new Response('{"code":0,"msg":"ok"}', { status: 200, headers: { 'content-type': 'application/json' } }),
  () => new Response('{"code":"ORDER_NOT_EXIST","message":"not found"}', { status: 404, headers: { 'content-type': 'application/json' } }),
]

export function aFirewall(chance: Chance): Firewall {
  let left = 0
  return {
    arm: (count) => {
      left = count
    },
    page() {
      if (left === 0) return undefined
      left--
      return chance.pick(PAGES)()
    },
    disarm: () => {
      left = 0
    },
  }
}

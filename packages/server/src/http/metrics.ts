// GET /metrics: for whoever is on this machine, or holds an API key with the scope `metrics`.

import { type Context, Hono } from 'hono'
import ipaddr from 'ipaddr.js'
import { scraper } from '../metrics/scrape.ts'
import type { World } from '../world.ts'
import { keyFor } from './who.ts'

export function metricsRoutes(world: World): Hono {
  const routes = new Hono()
  const page = scraper(world)
  routes.get('/metrics', async (c) => {
    if (!isLocal(c)) await keyFor(world, c.req.raw, 'metrics')
    const { content_type, text } = await page()
    return c.body(text, 200, { 'content-type': content_type })
  })
  return routes
}

/** A proxy on this machine speaks for strangers, and says so. */
function isLocal(c: Context): boolean {
  const { peer } = c.env as { peer?: string }
  if (peer === undefined || !ipaddr.isValid(peer)) return false
  if (c.req.header('x-forwarded-for') !== undefined || c.req.header('forwarded') !== undefined) return false
  return ipaddr.process(peer).range() === 'loopback'
}

// GET /metrics: needs an API key with the scope `metrics`, unless the caller is known to be on this machine (access/address.ts).

import { Hono } from 'hono'
import { isLocal } from '../access/address.ts'
import { keyFor } from '../access/who.ts'
import { scraper } from '../metrics/scrape.ts'
import type { World } from '../world.ts'

export function metricsRoutes(world: World): Hono {
  const routes = new Hono()
  const page = scraper(world)
  routes.get('/metrics', async (c) => {
    if (!isLocal(world, c)) await keyFor(world, c, 'metrics')
    const { content_type, text } = await page()
    return c.body(text, 200, { 'content-type': content_type })
  })
  return routes
}

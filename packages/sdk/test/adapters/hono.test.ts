// Hono on @hono/node-server.

import { Hono } from 'hono'
import { honoNotifications } from '../../src/adapters/index.ts'
import { behaves, fetchOnPort } from './cases.ts'

behaves('Hono', {
  reads: 'adapter',
  serve: (options) => fetchOnPort(new Hono().post('/notify', honoNotifications(options)).fetch),
  parsed: {
    names: 'hono: await c.req.arrayBuffer()',
    serve: (options) => {
      const app = new Hono().use(async (context, next) => {
        await context.req.json()
        await next()
      })
      return fetchOnPort(app.post('/notify', honoNotifications(options)).fetch)
    },
  },
})

// Fastify 5.

import fastify, { type FastifyInstance } from 'fastify'
import { expect, test } from 'vitest'
import { type AdapterOptions, fastifyNotifications } from '../../src/adapters/index.ts'
import { behaves, listening, type Serving } from './cases.ts'
import { post } from './post.ts'

async function serve(options: AdapterOptions, prepare: (app: FastifyInstance) => void = () => {}): Promise<Serving> {
  const app = fastify({ forceCloseConnections: true })
  prepare(app)
  await app.register(fastifyNotifications, { path: '/notify', ...options })
  return { url: `${await app.listen({ port: 0, host: '127.0.0.1' })}/notify`, close: () => app.close() }
}

behaves('Fastify', {
  reads: 'framework',
  serve,
  parsed: {
    names: "fastify: addContentTypeParser('application/json', { parseAs: 'buffer' }",
    // The plugin has a parser of its own; only a hook after it can take the bytes away.
    serve: (options) =>
      serve(options, (app) => {
        app.addHook('preHandler', async (request) => {
          if (request.body instanceof Uint8Array) request.body = JSON.parse(Buffer.from(request.body).toString())
        })
      }),
  },
})

test('the rest of the application keeps parsing JSON', async () => {
  const { url, handled } = await listening((options) =>
    serve(options, (app) => {
      app.post('/echo', async (request) => ({ got: request.body }))
    }),
  )
  const answer = await post(new URL('/echo', url).href, { headers: { 'content-type': 'application/json' }, body: Buffer.from('{"a":1}') })
  expect(JSON.parse(answer.body)).toEqual({ got: { a: 1 } })
  expect(handled).toEqual([])
})

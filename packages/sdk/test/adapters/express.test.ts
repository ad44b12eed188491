// Express 4 and Express 5.

import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import express from 'express'
import express4 from 'express4'
import { describe, expect, test } from 'vitest'
import { expressNotifications } from '../../src/adapters/index.ts'
import { behaves, listening, make, onPort, type Serve } from './cases.ts'
import { post } from './post.ts'

// The types of the two cannot be called as one; each takes our handler by its own types in the first line of its own.
const EITHER = express4 as unknown as typeof express

describe.each<[string, typeof express, Serve]>([
  ['Express 4', EITHER, (options) => onPort(createServer(express4().post('/notify', expressNotifications(options))))],
  ['Express 5', express, (options) => onPort(createServer(express().post('/notify', expressNotifications(options))))],
])('%s', (name, framework, serve) => {
  behaves(name, {
    reads: 'adapter',
    serve,
    parsed: {
      names: "express.raw({ type: '*/*' })",
      serve: (options) => onPort(createServer(framework().use(framework.json()).post('/notify', expressNotifications(options)))),
    },
  })

  test('express.raw on the route does as well', async () => {
    const { url, handled } = await listening((options) =>
      onPort(createServer(framework().post('/notify', framework.raw({ type: '*/*' }), expressNotifications(options)))),
    )
    expect(await post(url, await make())).toMatchObject({ status: 204 })
    expect(await post(url, await make({ bytes: 65_537 }))).toMatchObject({ status: 413 })
    expect(handled).toHaveLength(1)
  })

  test('a JSON parser that left the bytes alone is no obstacle, although Express 4 then says {}', async () => {
    const { url, reported } = await listening((options) =>
      onPort(createServer(framework().use(framework.json()).post('/notify', expressNotifications(options)))),
    )
    const xml = { headers: { 'content-type': 'text/xml' }, body: Buffer.from('<xml></xml>') }
    expect(await post(url, xml)).toMatchObject({ status: 400 })
    expect(reported).toMatchObject([{ code: 'ERR_SIGNATURE_HEADERS' }])
  })

  test('the rest of the application keeps parsing JSON', async () => {
    const { url } = await listening((options) => {
      const app = framework().post('/notify', expressNotifications(options)).use(framework.json())
      app.post('/echo', (request, response) => void response.json({ got: request.body }))
      return onPort(createServer(app))
    })
    const answer = await post(new URL('/echo', url).href, { headers: { 'content-type': 'application/json' }, body: Buffer.from('{"a":1}') })
    expect(JSON.parse(answer.body)).toEqual({ got: { a: 1 } })
  })

  test('bytes that were read and thrown away are refused, not waited for', async () => {
    const { url, reported } = await listening((options) =>
      onPort(
        createServer(
          framework()
            .use((request, _response, next) => void json(request).then(() => next(), next))
            .post('/notify', expressNotifications(options)),
        ),
      ),
    )
    expect(await post(url, await make())).toMatchObject({ status: 500 })
    expect(reported).toMatchObject([{ code: 'ERR_BODY_PARSED' }])
  })
})

// Koa, alone and with koa-bodyparser, which keeps the text it read.

import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import Koa, { type Middleware } from 'koa'
import bodyParser from 'koa-bodyparser'
import { type AdapterOptions, koaNotifications } from '../../src/adapters/index.ts'
import { behaves, onPort, type Serving } from './cases.ts'

const serve = (options: AdapterOptions, ...before: Middleware[]): Promise<Serving> => {
  const app = new Koa()
  // Koa writes a torn connection to the console.
  app.silent = true
  for (const middleware of before) app.use(middleware)
  app.use(koaNotifications(options))
  return onPort(createServer(app.callback()))
}

/** As koa-body does: parses and keeps nothing. */
const parse: Middleware = async (context, next) => {
  Object.assign(context.request, { body: await json(context.req) })
  await next()
}

const parsed = { names: 'koa: no body parser on this route', serve: (options: AdapterOptions) => serve(options, parse) }

behaves('Koa', { reads: 'adapter', parsed, serve: (options) => serve(options) })
behaves('Koa with koa-bodyparser', { reads: 'framework', parsed, serve: (options) => serve(options, bodyParser()) })

// NestJS 11 over Express and over Fastify. Decorators are applied as the functions they are, so that nothing has to be compiled.

import 'reflect-metadata'
import { Controller, Module, Post, Req, Res } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import { type AdapterOptions, type NestRequest, type NestResponse, nestNotifications } from '../../src/adapters/index.ts'
import { behaves, type Serving } from './cases.ts'

type Platform = 'express' | 'fastify'

async function serve(platform: Platform, options: AdapterOptions, settings: { rawBody: boolean }): Promise<Serving> {
  const all = { ...settings, logger: false, forceCloseConnections: true } as const
  const application = module(options)
  const app =
    platform === 'express'
      ? await NestFactory.create<NestExpressApplication>(application, new ExpressAdapter(), all)
      : await NestFactory.create<NestFastifyApplication>(application, new FastifyAdapter({ forceCloseConnections: true }), all)
  await app.listen(0, '127.0.0.1')
  return { url: `${await app.getUrl()}/notify`, close: () => app.close() }
}

function module(options: AdapterOptions): new () => object {
  const answer = nestNotifications(options)
  class Notifications {
    notify(request: NestRequest, response: NestResponse): Promise<void> {
      return answer(request, response)
    }
  }
  Post('notify')(Notifications.prototype, 'notify', Object.getOwnPropertyDescriptor(Notifications.prototype, 'notify') ?? {})
  Req()(Notifications.prototype, 'notify', 0)
  Res()(Notifications.prototype, 'notify', 1)
  Controller()(Notifications)
  class Application {}
  Module({ controllers: [Notifications] })(Application)
  return Application
}

for (const platform of ['express', 'fastify'] as const) {
  behaves(`NestJS over ${platform}`, {
    reads: 'framework',
    refuses: platform === 'fastify' ? ['D8: unsigned XML of the old protocol', 'an empty body'] : [],
    serve: (options) => serve(platform, options, { rawBody: true }),
    parsed: {
      names: 'nest: NestFactory.create(App, { rawBody: true })',
      serve: (options) => serve(platform, options, { rawBody: false }),
    },
  })
}

// A backend in NestJS: POST /api/pay, POST /api/notify, GET /api/orders/:out_trade_no. PORT is 3000.
// Node runs this file without a compiler and has no decorators, so they are called as functions; in your project write `@Post('pay')`.

import 'reflect-metadata'
import { type NestRequest, type NestResponse, nestNotifications } from '@cashdesk/sdk/adapters'
import {
  BadGatewayException,
  Body,
  Controller,
  Get,
  Module,
  NotFoundException,
  Param,
  Post,
  Req,
  Res,
  UnprocessableEntityException,
} from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express'
import { BadRequest } from './shop.ts'
import { shopFromEnvironment } from './wechat.ts'

const { shop, wechatpay } = shopFromEnvironment()
const notifications = nestNotifications({ wechatpay, handle: shop.handle })

class Payments {
  // @Post('notify')
  notify(request: NestRequest, response: NestResponse): Promise<void> {
    return notifications(request, response)
  }

  // @Post('pay')
  async pay(body: unknown): Promise<object> {
    try {
      return await shop.pay(body)
    } catch (error) {
      if (error instanceof BadRequest) throw new UnprocessableEntityException({ detail: error.message })
      console.error(error)
      throw new BadGatewayException({ detail: '请稍后再试' })
    }
  }

  // @Get('orders/:out_trade_no')
  async order(out_trade_no: string): Promise<object> {
    const state = await shop.state(out_trade_no)
    if (!state) throw new NotFoundException({ state: null })
    return { state }
  }
}
const method = (name: 'notify' | 'pay' | 'order'): [object, string, PropertyDescriptor] => {
  return [Payments.prototype, name, Object.getOwnPropertyDescriptor(Payments.prototype, name) ?? {}]
}
Post('notify')(...method('notify'))
Req()(Payments.prototype, 'notify', 0)
Res()(Payments.prototype, 'notify', 1)
Post('pay')(...method('pay'))
Body()(Payments.prototype, 'pay', 0)
Get('orders/:out_trade_no')(...method('order'))
Param('out_trade_no')(Payments.prototype, 'order', 0)
Controller('api')(Payments)

class Application {}
Module({ controllers: [Payments] })(Application)

// rawBody: the signature covers the raw bytes.
const app = await NestFactory.create<NestExpressApplication>(Application, new ExpressAdapter(), { rawBody: true, logger: ['error'] })
const port = Number(process.env['PORT'] ?? 3000)
await app.listen(port, '127.0.0.1')
console.log(`ready http://127.0.0.1:${port}`)

// `npm start`: an emulated WeChat, Cashdesk, a shop's backend, and a phone in the browser that runs the shop. Ctrl-C ends it.

import { parseArgs } from 'node:util'
import { runDev } from 'cashdesk'
import { createShopBackend } from '../shop-backend/src/app.ts'
import { buildShop } from './build-shop.ts'

const { values } = parseArgs({
  options: {
    dir: { type: 'string', default: './.cashdesk' },
    port: { type: 'string', default: '8910' },
    'wechat-port': { type: 'string', default: '8900' },
    'phone-port': { type: 'string', default: '8920' },
    'allow-host': { type: 'string', multiple: true },
  },
})

const program = await buildShop((line) => console.log(`  ${line}`))
process.exitCode = await runDev({
  dir: values.dir,
  port: Number(values.port),
  wechat_port: Number(values['wechat-port']),
  phone_port: Number(values['phone-port']),
  allowed_hosts: values['allow-host'],
  shop: {
    program,
    merchant_name: '晨间小铺',
    backend: ({ url, api_key, fetch }) =>
      createShopBackend({ cashdeskURL: url, apiKey: api_key, merchant: 'shop', fetch, database: `${values.dir}/shop.db` }),
  },
}).catch(portTaken)

/** A port in use is not a mistake of anybody, so the message says what to do and shows no stack. */
function portTaken(error: unknown): number {
  const { code, port } = error as { code?: unknown; port?: unknown }
  if (code !== 'EADDRINUSE') throw error
  console.error(
    `Another program listens on port ${port}. Stop it, or choose other ports: npm start -- --port 8911 --wechat-port 8901 --phone-port 8921`,
  )
  console.error(`端口 ${port} 已被占用。请停止占用它的程序，或另选端口：npm start -- --port 8911 --wechat-port 8901 --phone-port 8921`)
  return 1
}

// `cashdesk dev`: a WeChat and a payment server that know each other, on this machine, with nothing to configure.

import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startEmulator } from '@cashdesk/emulator'
import { startServer } from '@cashdesk/server'
import { configForEmulator } from '../emulator-config.ts'
import { jsonLog } from '../log.ts'
import { stopSignal } from '../stop.ts'

export const DEV_USAGE = `cashdesk dev [--dir DIR] [--port PORT] [--wechat-port PORT] [--verbose]

  --dir          where keys and orders are kept; ./.cashdesk
  --port         the payment server; 8910
  --wechat-port  the WeChat on loopback; 8900
  --verbose      log lines on standard error`

export async function dev(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      dir: { type: 'string', default: './.cashdesk' },
      port: { type: 'string', default: '8910' },
      'wechat-port': { type: 'string', default: '8900' },
      verbose: { type: 'boolean', default: false },
    },
  })
  mkdirSync(values.dir, { recursive: true })
  const wechat = await startEmulator({ port: Number(values['wechat-port']), dir: values.dir })
  const api_key = keptKey(values.dir)
  const config = configForEmulator(wechat.emulator.settings, { public_url: `http://127.0.0.1:${values.port}`, api_key })
  const server = await startServer(config, {
    database_url: `sqlite:${join(values.dir, 'cashdesk.db')}`,
    port: Number(values.port),
    log: values.verbose ? jsonLog : undefined,
  }).catch(async (error: unknown) => {
    await wechat.close()
    throw error
  })
  console.log(welcome(wechat.url, server.url, api_key))
  await stopSignal()
  await server.close()
  await wechat.close()
  console.log('\ncashdesk stopped')
  return 0
}

/** The same key at every start, so that what a person copied goes on working. */
function keptKey(dir: string): string {
  const file = join(dir, 'api-key')
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  const key = `cd_dev_${randomBytes(24).toString('base64url')}`
  writeFileSync(file, `${key}\n`, { mode: 0o600 })
  return key
}

function welcome(wechat: string, server: string, key: string): string {
  return `
  Cashdesk 收银台

  WeChat on loopback   微信（本机）    ${wechat}/_emulator/
  Payment server       支付服务        ${server}
  API key              接口密钥        ${key}

  Place an order  下一个订单:
    curl -s ${server}/v1/orders -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' \\
      -d '{"merchant":"shop","out_trade_no":"HELLO-0001","description":"拿铁","amount":{"total":2800}}'

  Ctrl-C stops  按 Ctrl-C 停止
`
}

// `cashdesk dev`: a WeChat and a payment server that know each other, on this machine, with nothing to configure; and a phone for your own shop.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type DevOptions, type DevShop, fetchAt, type RunningDev, startDev } from '../dev/start-dev.ts'
import { jsonLog } from '../log.ts'
import { stopSignal } from '../stop.ts'

export const DEV_USAGE = `cashdesk dev [--dir DIR] [--port PORT] [--wechat-port PORT] [--program DIR --backend URL] [--allow-host NAME] [--verbose]

  --dir          where keys and orders are kept; ./.cashdesk
  --port         the payment server; 8910
  --wechat-port  the WeChat on loopback; 8900
  --program      a browser build of your mini program (uni-app or Taro H5): it runs on a phone in the browser
  --backend      your own backend, for that program
  --name         your shop, as the cashier shows it
  --phone-port   where that phone is; 8920
  --allow-host   one more name of this machine, without port, for the WeChat and the phone; may be repeated
  --verbose      log lines on standard error`

export async function dev(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      dir: { type: 'string', default: './.cashdesk' },
      port: { type: 'string', default: '8910' },
      'wechat-port': { type: 'string', default: '8900' },
      'phone-port': { type: 'string', default: '8920' },
      program: { type: 'string' },
      backend: { type: 'string' },
      name: { type: 'string', default: '商户' },
      'allow-host': { type: 'string', multiple: true },
      verbose: { type: 'boolean', default: false },
    },
  })
  return runDev({
    dir: values.dir,
    port: Number(values.port),
    wechat_port: Number(values['wechat-port']),
    phone_port: Number(values['phone-port']),
    allowed_hosts: values['allow-host'],
    log: values.verbose ? jsonLog : undefined,
    shop: values.program === undefined ? undefined : shopOf(values.program, values.backend, values.name),
  })
}

/** Starts, says where everything is, and stops cleanly when asked to. Resolves with the exit code. */
export async function runDev(options: DevOptions): Promise<number> {
  const running = await startDev(options)
  // Listens for signals first: whoever reads the lines may send one at once.
  const stopped = stopSignal()
  console.log(welcome(running))
  await stopped
  await running.close()
  console.log('\ncashdesk stopped')
  return 0
}

function shopOf(program: string, backend: string | undefined, merchant_name: string): DevShop {
  if (!existsSync(join(program, 'index.html'))) {
    throw new Error(`${program} holds no index.html: --program wants the folder of a browser (H5) build.\n--program 须为 H5 构建的目录。`)
  }
  if (backend === undefined || !URL.canParse(backend)) {
    throw new Error(
      '--program wants --backend too: the address of your own backend.\n使用 --program 时须同时用 --backend 给出商家后端的地址。',
    )
  }
  return { program, merchant_name, backend: () => ({ fetch: fetchAt(backend) }) }
}

function welcome({ phone, wechat, server, api_key }: RunningDev): string {
  const open = phone === undefined ? '' : `\n  Open  打开            ${phone}\n`
  return `
  Cashdesk 收银台
${open}
  WeChat on loopback   微信（本机）    ${wechat}/_emulator/
  Payment server       支付服务        ${server}
  API key              接口密钥        ${api_key}

  Place an order  下一个订单:
    curl -s ${server}/v1/orders -H 'Authorization: Bearer ${api_key}' -H 'Content-Type: application/json' \\
      -d '{"merchant":"shop","out_trade_no":"HELLO-0001","description":"拿铁","amount":{"total":2800}}'

  Ctrl-C stops  按 Ctrl-C 停止
`
}

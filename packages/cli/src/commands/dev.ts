// `cashdesk dev`: an emulated WeChat and a payment server on this machine, without configuration; and a phone for your own shop.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Command, command } from '../command/declaration.ts'
import { localeLanguage, type Say, sayIn } from '../command/language.ts'
import { columns, padded } from '../command/terminal.ts'
import { type DevOptions, type DevShop, fetchAt, type RunningDev, startDev } from '../dev/start-dev.ts'
import { jsonLog } from '../log.ts'
import { port } from '../options.ts'
import { stopSignal } from '../stop.ts'

export const dev: Command = command({
  name: 'dev',
  text: { en: 'run a payment server and a WeChat on this machine, for development', zh: '在本机运行支付服务与微信环境，用于开发' },
  more: {
    en: 'Nothing needs to be configured: it prints the addresses and an API key. With --program and --backend your own mini program runs on a phone in the browser.',
    zh: '无须配置，启动后会显示地址与 API 密钥。使用 --program 与 --backend 时，自己的小程序会运行在浏览器中的手机上。',
  },
  options: {
    dir: {
      value: 'DIR',
      default: './.cashdesk',
      completes: 'folder',
      text: { en: 'where keys and orders are kept', zh: '密钥与订单的存放目录' },
    },
    port: {
      value: 'PORT',
      default: '8910',
      read: port,
      text: { en: 'of the payment server; 0 picks a free port', zh: '支付服务端口；0 表示自动选择' },
    },
    'wechat-port': { value: 'PORT', default: '8900', read: port, text: { en: 'of the WeChat on loopback', zh: '本机微信端口' } },
    'phone-port': { value: 'PORT', default: '8920', read: port, text: { en: 'of the phone', zh: '手机页面端口' } },
    program: {
      value: 'DIR',
      completes: 'folder',
      text: { en: 'a browser build of your mini program (uni-app or Taro H5)', zh: '小程序的 H5 构建目录（uni-app 或 Taro）' },
    },
    backend: { value: 'URL', text: { en: 'your own backend, for that program', zh: '该小程序的商家后端' } },
    name: { value: 'NAME', default: '商户', text: { en: 'your shop, as the cashier shows it', zh: '收银台显示的商户名' } },
    'allow-host': {
      value: 'NAME',
      many: true,
      text: {
        en: 'one more name of this machine, without port, for the WeChat and the phone; may be repeated',
        zh: '本机的其他主机名（不含端口），用于微信与手机页面；可重复',
      },
    },
    verbose: { text: { en: 'log lines on standard error', zh: '在标准错误输出日志' } },
  },
  examples: [
    { line: 'cashdesk dev', text: { en: 'a WeChat and a server', zh: '微信环境与支付服务' } },
    {
      line: 'cashdesk dev --program dist/build/h5 --backend http://127.0.0.1:3000',
      text: { en: 'your own shop on a phone', zh: '在手机上运行自己的小程序' },
    },
  ],
  exit: { 1: { en: 'a port, the folder or the program cannot be used', zh: '端口、目录或小程序不可用' } },

  async run(options, _, { say }) {
    const { dir, port, program, backend, name, verbose } = options
    return runDev(
      {
        dir,
        port,
        wechat_port: options['wechat-port'],
        phone_port: options['phone-port'],
        allowed_hosts: options['allow-host'],
        log: verbose ? jsonLog : undefined,
        shop: program === undefined ? undefined : shopOf(program, backend, name),
      },
      say,
    )
  },
})

/** Starts, prints all addresses, and stops on a signal. Resolves with the exit code. */
export async function runDev(options: DevOptions, say: Say = sayIn(localeLanguage(process.env))): Promise<number> {
  const running = await startDev(options)
  // Listens for signals before printing, because a program that reads the output may send one at once.
  const stopped = stopSignal()
  console.log(welcome(running, say))
  await stopped
  await running.close()
  console.log('\ncashdesk stopped')
  return 0
}

function shopOf(program: string, backend: string | undefined, merchant_name: string): DevShop {
  if (!existsSync(join(program, 'index.html')))
    throw new Error(
      `${program} holds no index.html: --program wants the folder of a browser (H5) build.\n${program} 中没有 index.html：--program 须为 H5 构建的目录。`,
    )
  if (backend === undefined || !URL.canParse(backend))
    throw new Error(
      '--program wants --backend too: the address of your own backend.\n使用 --program 时须同时用 --backend 给出商家后端的地址。',
    )
  return { program, merchant_name, backend: () => ({ fetch: fetchAt(backend) }) }
}

const LABELS = {
  open: { en: 'Open', zh: '打开' },
  wechat: { en: 'WeChat on loopback', zh: '微信（本机）' },
  server: { en: 'Payment server', zh: '支付服务' },
  key: { en: 'API key', zh: '接口密钥' },
} as const

function welcome({ phone, wechat, server, api_key }: RunningDev, say: Say): string {
  const width = Math.max(...Object.values(LABELS).map((label) => columns(say(label, '  '))))
  const line = (label: keyof typeof LABELS, value: string): string => `  ${padded(say(LABELS[label], '  '), width)}  ${value}`
  return `
  Cashdesk 收银台
${phone === undefined ? '' : `\n${line('open', phone)}\n`}
${line('wechat', `${wechat}/_emulator/`)}
${line('server', server)}
${line('key', api_key)}

  ${say({ en: 'Place an order', zh: '下一个订单' }, '  ')}:
    curl -s ${server}/v1/orders -H 'Authorization: Bearer ${api_key}' -H 'Content-Type: application/json' \\
      -d '{"merchant":"shop","out_trade_no":"HELLO-0001","description":"拿铁","amount":{"total":2800}}'

  ${say({ en: 'Ctrl-C stops', zh: '按 Ctrl-C 停止' }, '  ')}
`
}

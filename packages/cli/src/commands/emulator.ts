// `cashdesk emulator`: starts an emulated WeChat on loopback, prints its address, and stops on a signal.

import {
  DEFAULT_PORT,
  DEFAULT_TLS_PORT,
  isKeyKind,
  KEY_KINDS,
  type KeyKind,
  type RunningEmulator,
  startEmulator,
  sudoCaller,
} from '@cashdesk/emulator'
import { type Command, command } from '../command/declaration.ts'
import { port } from '../options.ts'
import { stopSignal } from '../stop.ts'
import { conformance } from './emulator-conformance.ts'

export const emulator: Command = command({
  name: 'emulator',
  text: { en: 'run a WeChat on this machine, for tests', zh: '在本机运行微信环境，用于测试' },
  more: {
    en: 'It behaves like WeChat Pay and misbehaves on request: docs/how-to/emulator.md.',
    zh: '行为与微信支付一致，并可按需制造故障：docs/how-to/emulator.zh-CN.md。',
  },
  options: {
    port: {
      value: 'PORT',
      default: String(DEFAULT_PORT),
      read: port,
      text: { en: 'where to listen on 127.0.0.1; 0 picks a free port', zh: '127.0.0.1 上的监听端口；0 表示自动选择' },
    },
    dir: {
      value: 'DIR',
      completes: 'folder',
      text: { en: 'keep keys there, and write emulator.json for clients', zh: '存放密钥，并写入供客户端使用的 emulator.json' },
    },
    state: {
      value: 'FILE',
      completes: 'file',
      text: {
        en: 'keep there what happened, over a restart and kill -9; give --dir too, for the keys',
        zh: '保存状态，重启与 kill -9 之后仍在；请同时给出 --dir 以保存密钥',
      },
    },
    merchants: {
      value: 'FILE',
      completes: 'file',
      text: { en: 'more merchants, under your own numbers', zh: '更多商户，使用自己的商户号' },
    },
    keys: {
      value: 'KIND',
      default: 'public_key',
      choices: KEY_KINDS,
      read: keyKind,
      text: {
        en: "which of WeChat's keys merchants have: public_key, certificate, or both",
        zh: '商户持有的微信支付密钥：public_key（公钥）、certificate（平台证书）或 both（两者）',
      },
    },
    tls: {
      text: {
        en: 'also speak TLS, for clients with fixed host names and for client certificates; trust ca.pem in DIR',
        zh: '同时提供 TLS，用于固定域名的客户端与客户端证书；请信任 DIR 中的 ca.pem',
      },
    },
    'tls-port': {
      value: 'PORT',
      read: port,
      text: { en: `its port, ${DEFAULT_TLS_PORT} when absent; implies --tls`, zh: `TLS 端口，未指定时为 ${DEFAULT_TLS_PORT}；隐含 --tls` },
    },
    'allow-host': {
      value: 'NAME',
      many: true,
      text: {
        en: 'one more name of this machine, without port, under which the control API answers; may be repeated',
        zh: '控制接口可用的其他主机名（不含端口）；可重复',
      },
    },
    json: { text: { en: 'say where it listens as one line of JSON', zh: '以一行 JSON 输出监听地址' } },
  },
  examples: [
    { line: 'cashdesk emulator --dir .wechat', text: { en: 'clients read .wechat/emulator.json', zh: '客户端读取 .wechat/emulator.json' } },
    { line: 'cashdesk emulator --port 0 --json', text: { en: 'for a test that starts it', zh: '由测试启动' } },
  ],
  exit: { 1: { en: 'a port, the folder or a file cannot be used', zh: '端口、目录或文件不可用' } },
  subcommands: [conformance],

  async run({ port, dir, state, merchants, keys, tls, json, ...options }) {
    // With port 0 the system chooses both ports.
    const tlsPort = options['tls-port'] ?? (port === 0 ? 0 : DEFAULT_TLS_PORT)
    const running = await startEmulator({
      port,
      keyKind: keys,
      ...((tls || options['tls-port'] !== undefined) && { tlsPort }),
      ...(dir !== undefined && { dir }),
      ...(state !== undefined && { stateFile: state }),
      ...(merchants !== undefined && { merchantsFile: merchants }),
      owner: sudoCaller(process.env, process.getuid?.()),
      allowedHosts: options['allow-host'],
    })
    // Listens for signals before printing, because a program that reads the line may send one at once.
    const stopped = stopSignal()
    for (const line of json ? [asJson(running, dir)] : asText(running)) console.log(line)
    await stopped
    await running.close()
    return 0
  },
})

/** The ready line comes last, so that a program that waits for it has read the others. */
/** `choices` has refused every other text. */
function keyKind(text: string): KeyKind | undefined {
  return isKeyKind(text) ? text : undefined
}

function asText({ url, tls }: RunningEmulator): string[] {
  return [...(tls ? [`cashdesk emulator tls ${tls.url}`] : []), `cashdesk emulator ready ${url}`]
}

function asJson({ url, tls }: RunningEmulator, dir: string | undefined): string {
  return JSON.stringify({
    event: 'ready',
    base_url: url,
    ...(tls && { tls_url: tls.url, ca_cert: tls.ca_cert }),
    ...(dir !== undefined && { dir }),
  })
}

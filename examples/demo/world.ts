// The demo's parts: WeChat, the payment server and two shops, each in its own process, and functions to call them.

import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, type Processes } from './processes.ts'

export const ROOT: string = new URL('../../', import.meta.url).pathname
const API_KEY = 'cd_demo_0123456789abcdef0123456789'

/** The parts of emulator.json that are used here. */
interface Keys {
  merchant_serial: string
  merchant_key_path: string
  api_v3_key: string
  public_key_id: string
  public_key_path: string
}
export interface EmulatorJson extends Keys {
  base_url: string
  appid: string
  app_secret: string
  mchid: string
  sp: Keys & { sp_appid: string; sp_app_secret: string; sp_mchid: string; sub_appid: string; sub_app_secret: string; sub_mchid: string }
  users: { name: string; openid: string; openids: Record<string, string> }[]
}

export interface DemoWorld {
  wechat: EmulatorJson
  server: string
  /** The shop's backend, by merchant. */
  shops: Record<'shop' | 'mall', string>
  bundle: string
  /** JSON from the emulator's control API. */
  control<T>(path: string, init?: { method: string; json?: unknown }): Promise<T>
  /** JSON from the merchant API. */
  api<T>(path: string): Promise<T>
}

export async function startWorld(folder: string, processes: Processes): Promise<DemoWorld> {
  buildShop()
  await processes.start('wechat', 'packages/cli/src/main.ts', ['emulator', '--port', '0', '--dir', join(folder, 'wechat')])
  const wechat = JSON.parse(readFileSync(join(folder, 'wechat/emulator.json'), 'utf8')) as EmulatorJson
  const port = await freePort()
  writeFileSync(join(folder, 'cashdesk.json'), JSON.stringify(configuration(wechat, `http://127.0.0.1:${port}`), null, 2))

  const server = await processes.start('server', 'packages/cli/src/main.ts', [
    'serve',
    ...['--config', join(folder, 'cashdesk.json'), '--database', `sqlite:${join(folder, 'cashdesk.db')}`, '--port', String(port)],
  ])
  const shop = (merchant: string): Promise<{ url: string }> =>
    processes.start(`backend-${merchant}`, 'examples/shop-backend/src/main.ts', [], {
      CASHDESK_URL: server.url,
      CASHDESK_API_KEY: API_KEY,
      CASHDESK_MERCHANT: merchant,
      PORT: '0',
    })
  const [direct, partner] = await Promise.all([shop('shop'), shop('mall')])
  return {
    wechat,
    server: server.url,
    shops: { shop: direct.url, mall: partner.url },
    bundle: join(ROOT, 'examples/native-shop/dist'),
    control: (path, init) => json(`${wechat.base_url}/_emulator${path}`, init),
    api: (path) => json(`${server.url}/v1${path}`, { method: 'GET', headers: { authorization: `Bearer ${API_KEY}` } }),
  }
}

/** The configuration that an operator would write by hand; keys stay in their files. */
function configuration(wechat: EmulatorJson, public_url: string): object {
  const { sp } = wechat
  const keys = (of: Keys): object => ({
    serial_no: of.merchant_serial,
    private_key_file: of.merchant_key_path,
    api_v3_key: of.api_v3_key,
    public_keys: { [`${of.public_key_id}_file`]: of.public_key_path },
  })
  return {
    public_url,
    wechat: { pay_url: wechat.base_url, api_url: wechat.base_url },
    webhooks: { allow: ['127.0.0.1'] },
    api_keys: [{ key: API_KEY, merchants: ['shop', 'mall'] }],
    apps: [
      { appid: wechat.appid, app_secret: wechat.app_secret },
      { appid: sp.sub_appid, app_secret: sp.sub_app_secret },
    ],
    merchants: [
      { id: 'shop', mchid: wechat.mchid, ...keys(wechat), appids: [wechat.appid] },
      {
        id: 'mall',
        mchid: sp.sp_mchid,
        ...keys(sp),
        appids: [sp.sub_appid],
        partner: { sp_appid: sp.sp_appid, sub_mchid: sp.sub_mchid, sub_appid: sp.sub_appid },
      },
    ],
  }
}

function buildShop(): void {
  const { status, stderr } = spawnSync('npm', ['run', 'build', '-w', 'examples/native-shop'], { cwd: ROOT, encoding: 'utf8' })
  if (status !== 0) throw new Error(`The mini program could not be built:\n${stderr}`)
}

async function json<T>(url: string, init: { method?: string; json?: unknown; headers?: Record<string, string> } = {}): Promise<T> {
  const body = init.json === undefined ? undefined : JSON.stringify(init.json)
  const headers = { ...(body !== undefined && { 'content-type': 'application/json' }), ...init.headers }
  const answer = await fetch(url, { method: init.method ?? 'GET', headers, ...(body !== undefined && { body }) })
  const value: unknown = await answer.json()
  if (!answer.ok) throw new Error(`${init.method ?? 'GET'} ${url} → ${answer.status} ${JSON.stringify(value)}`)
  // Each caller names the shape that the control or merchant API documents.
  return value as T
}

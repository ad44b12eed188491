// What every client of other authors is put through: an emulator on a socket, an endpoint for notifications, and the phone.

import { createRequire } from 'node:module'
import { type CashierResult, type Emulator, type EmulatorSettings, type RunningEmulator, startEmulator } from '../../src/index.ts'
import { aMerchant, anOrder, HOURS, JSAPI } from '../world.ts'

/** CommonJS, without types: each test says what it uses of it. */
export const load: NodeJS.Require = createRequire(import.meta.url)

export interface Stage {
  url: string
  emulator: Emulator
  settings: EmulatorSettings
  openid: string
  /** Notifications as they came, newest last. */
  received: { url: string; headers: Record<string, string>; body: string }[]
  /** What the client answers WeChat with. */
  answer: (notice: { headers: Record<string, string>; body: string }) => Response | Promise<Response>
  /** Delivers what is due, and gives the newest. */
  newest(): Promise<{ headers: Record<string, string>; body: string }>
  /** The phone calls wx.requestPayment with what the client made. */
  phone(fields: object): CashierResult
  close(): Promise<void>
}

export async function aStage(): Promise<Stage> {
  const received: Stage['received'] = []
  const running: RunningEmulator = await startEmulator({
    port: 0,
    // Some clients download the certificates; the notifications are verified with the public key.
    keyKind: 'both',
    behaviour: { refund_delay_ms: 0, public_key_share: 10_000 },
    async fetch(request) {
      const notice = { url: request.url, headers: Object.fromEntries(request.headers), body: await request.text() }
      received.push(notice)
      return stage.answer(notice)
    },
  })
  const { emulator, url } = running
  const { settings } = emulator
  const openid = settings.users[0]?.openid ?? ''
  const stage: Stage = {
    url,
    emulator,
    settings,
    openid,
    received,
    answer: () => new Response(null, { status: 204 }),
    async newest() {
      await emulator.deliverDue()
      const last = received.at(-1)
      if (!last) throw new Error('nothing was received')
      return last
    },
    phone: (fields) => emulator.cashier({ appId: settings.appid, openid, ...fields }),
    close: () => running.close(),
  }
  return stage
}

export const NOTIFY_URL = 'https://shop.test/notify'

/** `yyyyMMdd` or `yyyy-MM-dd` of the emulator's day, Beijing. */
export function dayOf({ emulator }: Stage, dash = ''): string {
  return new Date(emulator.clock.now() + 8 * HOURS).toISOString().slice(0, 10).replaceAll('-', dash)
}

/** Over v3 a client signs by the machine's clock: what a bill tells of must lie behind it. Gives the day, `yyyy-MM-dd`. */
export async function paidTwoDaysAgo(stage: Stage, out_trade_no: string): Promise<string> {
  const { emulator, settings } = stage
  const now = emulator.clock.now()
  await emulator.clock.set(now - 48 * HOURS)
  const bill_date = dayOf(stage, '-')
  const merchant = aMerchant(emulator, emulator.clock, settings.mchid, settings)
  const { body } = await merchant.call('POST', JSAPI, anOrder({ emulator }, { out_trade_no }))
  stage.phone(await merchant.paymentFields(settings.appid, String(body['prepay_id'])))
  await emulator.clock.set(now)
  return bill_date
}

/** Over v2 nothing says when it was signed: the emulator's clock may go on alone. */
export async function nextDay({ emulator }: Stage): Promise<void> {
  await emulator.clock.advance(34 * HOURS)
}

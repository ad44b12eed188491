// The scenes of the demo. Each acts, asks WeChat and the server what really happened, prints it, and checks it.

import { readFileSync } from 'node:fs'
import { formatYuan } from '@cashdesk/protocol'
import { ApiError, createWechatPay } from '@cashdesk/sdk'
import type { Processes } from './processes.ts'
import { good, line, masked, title } from './transcript.ts'
import type { DemoWorld } from './world.ts'

/** What the phone's process prints at its end. */
interface PhoneStory {
  out_trade_no: string
  code: string
  /** What pay() returned. */
  status: string
  fields: { timeStamp: string; nonceStr: string; package: string; signType: string; paySign: string }
  said: string
}

interface Order {
  state: string
  amount: { total: number }
  transaction_id: string | null
  payer: { openid: string } | null
}
interface Event {
  id: string
  type: string
  data: { out_trade_no: string }
}
interface Seen {
  method: string
  target: string
  verdict: string
  canonical?: string
  status?: number
  explanation?: { en: string; zh: string }
}
interface Notification {
  id: string
  out_trade_no: string
  event_type: string
  deliveries: { status?: number; fault?: string }[]
}

/** A step had another result than it must have. */
export class Differs extends Error {}

function must(holds: boolean, text: string): void {
  if (!holds) throw new Differs(text)
  good(text)
}

export interface Stage {
  world: DemoWorld
  processes: Processes
}

type Merchant = 'shop' | 'mall'

async function phone({ world, processes }: Stage, merchant: Merchant, cashier: 'pay' | 'cancel'): Promise<PhoneStory> {
  const appid = merchant === 'shop' ? world.wechat.appid : world.wechat.sp.sub_appid
  const input = {
    dir: world.bundle,
    appid,
    openid: world.wechat.users[0]?.openids[appid],
    emulator: world.wechat.base_url,
    shop: world.shops[merchant],
    cashdesk: world.server,
    cashier,
  }
  return (await processes.run(`phone-${merchant}`, 'examples/demo/phone.ts', input)) as PhoneStory
}

const orderOf = (world: DemoWorld, merchant: Merchant, no: string): Promise<Order> => world.api(`/orders/${no}?merchant=${merchant}`)

async function eventsOf(world: DemoWorld, merchant: Merchant, no: string): Promise<Event[]> {
  const { data } = await world.api<{ data: Event[] }>(`/events?merchant=${merchant}&limit=100`)
  return data.filter((event) => event.data.out_trade_no === no)
}

/** The notification about that order, once WeChat has tried to deliver it. */
async function notificationOf(world: DemoWorld, no: string): Promise<Notification | undefined> {
  for (let look = 0; look < 50; look++) {
    const { notifications } = await world.control<{ notifications: Notification[] }>('/notifications')
    const found = notifications.find((one) => one.out_trade_no === no && one.deliveries.length > 0)
    if (found) return found
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return undefined
}

export async function paid(stage: Stage, merchant: Merchant): Promise<{ out_trade_no: string; notification: Notification }> {
  const { world } = stage
  title(merchant === 'shop' ? 'A direct merchant  直连商户' : 'A sub-merchant of a service provider  服务商的特约商户')
  const story = await phone(stage, merchant, 'pay')
  const notification = await notificationOf(world, story.out_trade_no)
  const order = await orderOf(world, merchant, story.out_trade_no)
  const { requests } = await world.control<{ requests: Seen[] }>('/requests')
  const path = merchant === 'shop' ? '/v3/pay/transactions/jsapi' : '/v3/pay/partner/transactions/jsapi'
  const placed = requests.find((seen) => seen.target === path)
  const [event] = await eventsOf(world, merchant, story.out_trade_no)

  line('phone → WeChat', 'wx.login', `code ${masked(story.code)}`)
  line('server → WeChat', 'auth.code2Session', `openid ${masked(order.payer?.openid ?? '')}, session_key stays on the server`)
  line('shop → server', 'POST /v1/orders', `${story.out_trade_no}, ¥${formatYuan(order.amount.total)} — the backend's price`)
  line(
    'server → WeChat',
    `POST ${path.replace('/transactions', '/…')}`,
    `RSA signature ${placed?.verdict}, over "${placed?.canonical?.split('\n').slice(0, 2).join('\\n')}\\n…"`,
  )
  line('WeChat → server', `${placed?.status} prepay_id`, `${masked(story.fields.package, 24)}, answer signed and verified`)
  line(
    'server → phone',
    'paySign',
    `${story.fields.signType} ${masked(story.fields.paySign, 16)} over appId, ${story.fields.timeStamp}, nonceStr, prepay_id`,
  )
  line('phone → cashier', 'wx.requestPayment', story.said)
  line(
    'WeChat → server',
    'notification',
    `${masked(notification?.id ?? '')} ${notification?.event_type}, verified, decrypted, answered ${notification?.deliveries[0]?.status}`,
  )
  line('server', order.state, `transaction_id ${masked(order.transaction_id ?? '', 12)}`)
  line('server → shop', event?.type ?? 'no event', `event row ${masked(event?.id ?? '', 20)}`)

  must(placed?.verdict === 'accepted' && placed.status === 200, 'WeChat accepted the signature of the order')
  must(story.said === 'requestPayment:ok' && story.status === 'paid', "pay() ended with 'paid', as the server says")
  must(notification?.deliveries[0]?.status === 204, 'the notification was verified and stored before it was acknowledged')
  must(order.state === 'paid' && event?.type === 'order.paid', 'the order is paid and its event is written')
  return { out_trade_no: story.out_trade_no, notification: notification as Notification }
}

export async function cancelled(stage: Stage): Promise<void> {
  title('The user closes the cashier  用户取消')
  const story = await phone(stage, 'shop', 'cancel')
  const order = await orderOf(stage.world, 'shop', story.out_trade_no)
  line('phone → cashier', 'wx.requestPayment', story.said)
  line('server', order.state, 'asked WeChat: not paid')
  must(story.status === 'cancelled' && order.state === 'pending', "pay() ended with 'cancelled'; the order is still unpaid")
  must((await eventsOf(stage.world, 'shop', story.out_trade_no)).length === 0, 'no event: nothing was sent')
}

export async function recovered(stage: Stage): Promise<void> {
  const { world } = stage
  title('The notification never arrives  通知丢失')
  await world.control('/faults', { method: 'POST', json: { fault: 'notification.lost', times: 99 } })
  const story = await phone(stage, 'shop', 'pay')
  const notification = await notificationOf(world, story.out_trade_no)
  const order = await orderOf(world, 'shop', story.out_trade_no)
  await world.control('/faults', { method: 'DELETE' })
  line('phone → cashier', 'wx.requestPayment', story.said)
  line('WeChat ✗ server', 'notification', `lost on the way (${notification?.deliveries[0]?.fault})`)
  line('server → WeChat', 'GET …/out-trade-no/…', `trade_state SUCCESS, transaction_id ${masked(order.transaction_id ?? '', 12)}`)
  must(notification?.deliveries.every((one) => one.status === undefined) === true, 'the server received no notification')
  must(story.status === 'paid' && order.state === 'paid', 'its query found the payment')
}

export async function duplicateIgnored(stage: Stage, first: { out_trade_no: string; notification: Notification }): Promise<void> {
  const { world } = stage
  title('The notification arrives twice  通知重复')
  const { delivery } = await world.control<{ delivery: { status?: number } }>(`/notifications/${first.notification.id}/replay`, {
    method: 'POST',
  })
  const events = await eventsOf(world, 'shop', first.out_trade_no)
  line('WeChat → server', 'the same one again', `answered ${delivery.status}`)
  must(delivery.status === 204, 'the second one is acknowledged, too')
  must(events.length === 1, 'paid once: one event, one ledger row')
}

export async function refused({ world }: Stage): Promise<void> {
  const { wechat } = world
  title('A wrong private key  私钥错误')
  const wechatpay = createWechatPay({
    mchid: wechat.mchid,
    signer: { serial_no: wechat.merchant_serial, privateKey: readFileSync(wechat.sp.merchant_key_path, 'utf8') },
    apiV3Key: wechat.api_v3_key,
    publicKeys: { [wechat.public_key_id]: readFileSync(wechat.public_key_path, 'utf8') },
    baseURL: wechat.base_url,
  })
  const error: unknown = await wechatpay.transactions
    .jsapi({
      appid: wechat.appid,
      description: '拿铁',
      out_trade_no: 'WRONG-KEY-0001',
      notify_url: `${world.server}/wechat/shop/notify/payment`,
      amount: { total: 2800 },
      payer: { openid: wechat.users[0]?.openid ?? '' },
    })
    .catch((caught: unknown) => caught)
  const { requests } = await world.control<{ requests: Seen[] }>('/requests')
  const seen = requests.find((one) => one.verdict === 'refused')
  const refusal = error instanceof ApiError ? error.refusal : undefined
  line('server → WeChat', 'POST …/jsapi', 'signed with the key of another merchant')
  line('WeChat → server', `${refusal?.status} ${refusal?.code}`, refusal?.message)
  line('/_emulator/requests', 'why', seen?.explanation?.zh)
  line('', '', seen?.explanation?.en)
  must(refusal?.status === 401 && refusal.code === 'SIGN_ERROR', 'WeChat refuses, as the real one does')
  must(error instanceof ApiError && error.outcome === 'refused', "the SDK says outcome 'refused': the request certainly had no effect")
  must(Boolean(seen?.explanation?.en), 'the emulator explains why')
}

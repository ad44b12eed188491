// The merchant's backend places an order: parse → one transaction → answer. WeChat is asked when someone pays, or at once if the backend says so.

import type { CreateOrderRequest } from '@cashdesk/contract'
import { differences, type Order, type Placement, place } from '@cashdesk/domain'
import type { RequestPayment } from '@cashdesk/sdk'
import type { Tx } from '@cashdesk/store'
import { Problem } from '../problem.ts'
import type { Merchant } from '../wechat/merchant.ts'
import { type Begun, begin, beginning, finish } from '../wechat/prepay.ts'
import type { World } from '../world.ts'

const MINUTE = 60_000
const EXPIRY_DEFAULT_MS = 120 * MINUTE
/** WeChat's documents state different maxima (7, 15, 90 days; v3-endpoints §1.2): the shortest is safe. */
const EXPIRY_MAX_MS = 7 * 24 * 60 * MINUTE

export interface Created {
  order: Order
  client_secret: string
  /** False when the same order existed already. */
  fresh: boolean
  /** Payment fields when the request said `pay`; null otherwise. */
  payment: RequestPayment | null
}

/** Places an order, or returns the existing one when number and contents are the same. @throws Problem for every refusal */
export async function createOrder(
  world: World,
  merchant: Merchant,
  body: CreateOrderRequest,
  idempotency_key: string | null,
): Promise<Created> {
  const now = world.clock.now()
  if (body.out_trade_no === undefined && idempotency_key === null) throw new Problem('idempotency_key_missing')
  const placement = placementOf(merchant, body, body.out_trade_no ?? numberFor(world, now), now)
  const order = place(placement, now)

  const { fresh, begun, ...placed } = await world.store.transaction(async (tx): Promise<Placed> => {
    // An order that is paid in the same request is inserted as it is after `beginning`, so that no second write is needed.
    const begun = body.pay ? beginning(merchant, order, null, now) : null
    const next = begun && { ...begun.order, version: order.version + 1 }
    const taken = await tx.orders.insert(order, idempotency_key, { source: 'api' }, next ?? undefined)
    if (taken === 'inserted') {
      await refusePaidReference(tx, order)
      return { order: next ?? order, fresh: true, begun: next && { next: 'ask WeChat', order: next } }
    }
    const known = await theSame(tx, taken, order, placement, body, idempotency_key)
    return { order: known, fresh: false, begun: body.pay ? await begin(tx, merchant, known, null, now) : null }
  })
  if (fresh) world.log('order.created', { merchant: merchant.id, out_trade_no: placed.order.out_trade_no })
  const paid = begun && (await finish(world, merchant, begun))
  return {
    order: paid?.order ?? placed.order,
    fresh,
    payment: paid?.fields ?? null,
    client_secret: await world.clientSecret(merchant.id, placed.order.out_trade_no),
  }
}

interface Placed {
  order: Order
  fresh: boolean
  begun: Begun | null
}

/** The existing order that this request repeats, locked. @throws Problem when the existing order is a different one */
async function theSame(
  tx: Tx,
  taken: 'number taken' | 'key taken' | 'reference open',
  { merchant, out_trade_no }: Order,
  placement: Placement,
  body: CreateOrderRequest,
  idempotency_key: string | null,
): Promise<Order> {
  switch (taken) {
    case 'number taken':
      return sameOrder(await tx.orders.lock(merchant, out_trade_no), placement)
    case 'key taken': {
      const known = await tx.orders.findByKey(merchant, idempotency_key ?? '')
      return sameOrder(known && (await tx.orders.lock(merchant, known.out_trade_no)), numberLeftOpen(body, placement))
    }
    case 'reference open':
      throw new Problem('reference_open')
  }
}

/**
 * Refuses a second order for a reference that is already paid. It looks after the
 * insert, so that two creates during a payment cannot both succeed (reliability D5).
 */
async function refusePaidReference(tx: Tx, order: Order): Promise<void> {
  if (order.reference === null) return
  if (await tx.orders.paidByReference(order.merchant, order.reference)) throw new Problem('reference_paid')
}

/** Returns the existing order when number and contents are the same. @throws Problem order_differs, which names the fields that differ */
function sameOrder(order: Order | undefined, placement: Omit<Placement, 'out_trade_no'> & { out_trade_no?: string }): Order {
  // The number belongs to another merchant of the same mchid, whose order we must not show.
  if (!order) throw new Problem('order_differs', { errors: [{ field: '/out_trade_no', message: 'in use / 已被使用' }] })
  const differing = differences(order, { ...placement, out_trade_no: placement.out_trade_no ?? order.out_trade_no })
  if (placement.out_trade_no !== undefined && placement.out_trade_no !== order.out_trade_no) differing.push('out_trade_no')
  if (differing.length === 0) return order
  throw new Problem('order_differs', {
    errors: differing.map((name) => ({ field: `/${name.replaceAll('.', '/')}`, message: 'differs / 不一致' })),
  })
}

function numberLeftOpen(body: CreateOrderRequest, placement: Placement): Omit<Placement, 'out_trade_no'> & { out_trade_no?: string } {
  const { out_trade_no: _, ...rest } = placement
  return body.out_trade_no === undefined ? rest : placement
}

function placementOf(merchant: Merchant, body: CreateOrderRequest, out_trade_no: string, now: number): Placement {
  const expires_at = body.time_expire === undefined ? now + EXPIRY_DEFAULT_MS : Date.parse(body.time_expire)
  if (expires_at < now + MINUTE || expires_at > now + EXPIRY_MAX_MS) throw new Problem('time_expire_range')
  return {
    merchant: merchant.id,
    recipient: merchant.recipient,
    out_trade_no,
    reference: body.reference ?? null,
    description: body.description,
    amount: { total: body.amount.total, currency: 'CNY' },
    attach: body.attach ?? null,
    metadata: body.metadata ?? null,
    payer: payerOf(merchant, body),
    expires_at,
  }
}

function payerOf(merchant: Merchant, body: CreateOrderRequest): Placement['payer'] {
  if (!body.payer) return null
  const appid = body.payer.appid ?? merchant.appids[0]
  if (appid === undefined || !merchant.appids.includes(appid)) throw new Problem('appid_unknown')
  return { appid, openid: body.payer.openid }
}

/** 26 characters: Beijing date, then random hex digits. It cannot be guessed, and it sorts by day in WeChat's bill. */
function numberFor(world: World, now: number): string {
  const day = new Date(now + 8 * 60 * MINUTE).toISOString().slice(0, 10).replaceAll('-', '')
  return `${day}${Buffer.from(world.random(9)).toString('hex')}`
}

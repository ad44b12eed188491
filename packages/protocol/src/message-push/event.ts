// The events of order shipping management, typed (miniprogram-server-api §8.7). All other pushes keep their own fields.

import { createHash } from 'node:crypto'
import { MessageError } from '../errors.ts'
import type { OpenedPush } from './push.ts'

/** The fields that every push has. */
export interface PushCommon {
  /** 原始ID of the mini program, `gh_…`. */
  ToUserName: string
  FromUserName: string
  /** Unix seconds. */
  CreateTime: number
  /** `event` for events. */
  MsgType: string
  /** Absent if the message is not an event. */
  Event?: string | undefined
}

/** The order of an event. */
export interface PushOrder {
  transaction_id: string
  merchant_id: string
  sub_merchant_id?: string | undefined
  merchant_trade_no: string
  /** Unix seconds. */
  pay_time: number
}

/** The mini program must manage shipping, or has not yet used the API. */
export interface PushNotice extends PushCommon {
  msg: string
}

/** An order was paid 48 hours ago and has not been shipped. */
export interface RemindShipping extends PushCommon, PushOrder {
  msg: string
}

/** Sent when shipping is complete, and again when the money is settled; only the second has settlement_time. Times in Unix seconds. */
export interface OrderSettlement extends PushCommon, PushOrder {
  shipped_time?: number | undefined
  estimated_settlement_time?: number | undefined
  /** 1: confirmed by the user. 2: confirmed automatically. */
  confirm_receive_method?: 1 | 2 | undefined
  confirm_receive_time?: number | undefined
  settlement_time?: number | undefined
}

/** `id` is the same if a message is sent again: store it, to handle each message once. */
export type PushEvent =
  | { kind: 'trade_controlled'; id: string; message: PushNotice }
  | { kind: 'remind_access_api'; id: string; message: PushNotice }
  | { kind: 'remind_shipping'; id: string; message: RemindShipping }
  | { kind: 'order_settlement'; id: string; message: OrderSettlement }
  | { kind: 'other'; id: string; message: PushCommon & Readonly<Record<string, unknown>> }

const KINDS: Readonly<Record<string, Exclude<PushEvent['kind'], 'other'>>> = {
  wxa_trade_controlled: 'trade_controlled',
  trade_manage_remind_access_api: 'remind_access_api',
  trade_manage_remind_shipping: 'remind_shipping',
  trade_manage_order_settlement: 'order_settlement',
}

const ORDER_FIELDS = ['transaction_id', 'merchant_id', 'merchant_trade_no', 'pay_time']
/** Required fields besides the common ones. */
const REQUIRED: Readonly<Record<PushEvent['kind'], readonly string[]>> = {
  trade_controlled: ['msg'],
  remind_access_api: ['msg'],
  remind_shipping: [...ORDER_FIELDS, 'msg'],
  order_settlement: ORDER_FIELDS,
  other: [],
}
/** Fields that are text in XML and numbers in JSON. They become numbers. */
const NUMBERS = [
  'CreateTime',
  'pay_time',
  'shipped_time',
  'estimated_settlement_time',
  'confirm_receive_method',
  'confirm_receive_time',
  'settlement_time',
]

/** @throws MessageError ERR_MESSAGE_SHAPE */
export function pushEvent({ fields }: OpenedPush): PushEvent {
  const { Event } = fields
  const kind = typeof Event === 'string' && Object.hasOwn(KINDS, Event) ? (KINDS[Event] ?? 'other') : 'other'
  const message: Record<string, unknown> = { ...fields }
  for (const name of ['ToUserName', 'FromUserName', 'CreateTime', 'MsgType', ...REQUIRED[kind]]) {
    if (message[name] === undefined || message[name] === '') throw shape(name)
  }
  for (const name of NUMBERS) if (message[name] !== undefined && message[name] !== '') message[name] = seconds(name, message[name])
  for (const name of ['FromUserName', 'ToUserName', 'MsgType', ...REQUIRED[kind]]) {
    if (!NUMBERS.includes(name) && typeof message[name] !== 'string') throw shape(name)
  }
  // Each field that the kind promises was checked above. Other fields pass through.
  return { kind, id: idOf(message), message } as unknown as PushEvent
}

/** Made from MsgId if present; otherwise from the fields that distinguish messages (miniprogram-server-api §10). Hashed, because an openid is among them. */
function idOf(message: Readonly<Record<string, unknown>>): string {
  const { MsgId, FromUserName, CreateTime, MsgType, Event, transaction_id, settlement_time } = message
  const parts = MsgId === undefined ? [FromUserName, CreateTime, MsgType, Event, transaction_id, settlement_time] : [MsgId]
  return createHash('sha256')
    .update(JSON.stringify(parts.map((part) => String(part ?? ''))))
    .digest('hex')
    .slice(0, 40)
}

function seconds(name: string, value: unknown): number {
  const number = typeof value === 'string' && /^[0-9]{1,12}$/.test(value) ? Number(value) : value
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0) throw shape(name)
  return number
}

function shape(where: string): MessageError {
  return new MessageError('ERR_MESSAGE_SHAPE', { where })
}

// Merchant transfers, which wait for the user: created, confirmed, cancelled, overdue after 24 hours (merchant-transfer.md §2–3).

import { beijingTime } from '@cashdesk/protocol'
import type { TransferRequest } from '@cashdesk/protocol/spec'
import type { Clock } from '../../ports/clock.ts'
import { type Random, randomDigits, randomHex } from '../../ports/random.ts'
import type { Agenda } from '../agenda.ts'
import type { Behaviour } from '../behaviour.ts'
import { canonical } from '../canonical.ts'
import type { Journal } from '../kept/journal.ts'
import type { Part } from '../kept/part.ts'
import type { Ledger, TransferEntry } from '../ledger.ts'
import type { Notifier } from '../notifications/notifier.ts'
import type { People } from '../people.ts'
import { invalidRequest, Refusal } from '../refusal.ts'
import { type TransferRecord, transferNews } from './transfer.ts'

/** The arguments of wx.requestMerchantTransfer, and what the user does on its page. */
export interface TransferConfirmation {
  mchId: string
  appId: string
  package: string
  openid?: string | undefined
  action?: 'confirm' | 'cancel' | 'fail' | undefined
  /** The reason of a `fail`; OTHER_FAIL_REASON_TYPE when absent. */
  fail_reason?: string | undefined
}

export interface Transfers extends Part<readonly TransferRecord[]> {
  /** Makes a transfer, or gives the existing one when the request is repeated. `user_name` is plain text. @throws Refusal */
  create(mchid: string, request: Omit<TransferRequest, 'user_name'>, user_name: string | undefined): TransferRecord
  /** Finds a transfer of the last 30 days. */
  find(mchid: string, number: { out_bill_no?: string | undefined; transfer_bill_no?: string | undefined }): TransferRecord | undefined
  /** Starts cancelling, which finishes a little later. @throws Refusal */
  cancel(record: TransferRecord): TransferRecord
  /** The result `ok` only says that the page was shown (merchant-transfer.md §4). */
  confirm(input: TransferConfirmation): { errMsg: string }
  all(): readonly TransferRecord[]
}

export interface TransferWorld {
  clock: Clock
  random: Random
  behaviour: Behaviour
  agenda: Agenda
  ledger: Ledger
  people: People
  notifier: Notifier
  journal: Journal
}

const DAY_MS = 24 * 60 * 60 * 1000
const QUERY_WINDOW_MS = 30 * DAY_MS
const AMOUNT_MIN = 10
const OVERDUE_TASK = 'transfer_overdue'
const CANCEL_TASK = 'transfer_cancel'

export function createTransfers(world: TransferWorld): Transfers {
  const { clock, random, behaviour, agenda, ledger, people, notifier, journal } = world
  const byNumber = new Map<string, TransferRecord>()
  const byId = new Map<string, TransferRecord>()

  const keep = (record: TransferRecord): void => {
    byNumber.set(`${record.mchid}/${record.request.out_bill_no}`, record)
    byId.set(record.transfer_bill_no, record)
    journal.put('transfers', record)
  }

  const finish = (record: TransferRecord, state: 'SUCCESS' | 'FAIL' | 'CANCELLED', fail_reason: string | undefined, at: number): void => {
    Object.assign(record, { state, updated_at: at, ...(fail_reason !== undefined && { fail_reason }) })
    journal.put('transfers', record)
    // A failed or cancelled transfer returns the money to the merchant.
    append(ledger, record, 'transfer_result', state === 'SUCCESS' ? 0 : record.request.transfer_amount, at)
    const { notify_url } = record.request
    if (notify_url !== undefined) notifier.announce(transferNews(record, notify_url))
  }

  agenda.on(OVERDUE_TASK, (id, at) => {
    const record = byId.get(id)
    if (record?.state === 'WAIT_USER_CONFIRM') finish(record, 'FAIL', 'OVERDUE_CLOSE', at)
  })
  agenda.on(CANCEL_TASK, (id, at) => {
    const record = byId.get(id)
    if (record?.state === 'CANCELING') finish(record, 'CANCELLED', undefined, at)
  })

  const make = (mchid: string, request: Omit<TransferRequest, 'user_name'>, user_name: string | undefined, fingerprint: string) => {
    const now = clock.now()
    const { transfer_amount, appid, openid } = request
    if (people.find(openid)?.appid !== appid) throw invalidRequest('Openid格式错误或者不属于商家公众账号')
    if (transfer_amount < AMOUNT_MIN || transfer_amount > behaviour.transfer_amount_max) {
      throw invalidRequest('超过单笔转账上下限，核实产品设置是否准确')
    }
    if (ledger.balance(mchid, 'OPERATION').available < transfer_amount) {
      throw new Refusal(403, 'NOT_ENOUGH', '商户运营账户资金不足，请充值后使用原商户单号重试')
    }
    const day = beijingTime(now).slice(0, 10).replaceAll('-', '')
    const record: TransferRecord = {
      mchid,
      transfer_bill_no: `1330${randomDigits(random, 9)}${day}${String(byId.size + 1).padStart(10, '0')}`,
      request,
      ...(user_name !== undefined && { user_name }),
      fingerprint,
      package_info: `affffddafdfafddffda==${randomHex(random, 16)}`,
      state: 'WAIT_USER_CONFIRM',
      created_at: now,
      updated_at: now,
    }
    keep(record)
    append(ledger, record, 'transfer', -transfer_amount, now)
    agenda.plan(now + DAY_MS, OVERDUE_TASK, record.transfer_bill_no)
    return record
  }

  const reset = (): void => {
    byNumber.clear()
    byId.clear()
  }

  return {
    create(mchid, request, user_name) {
      const fingerprint = canonical({ ...request, user_name })
      const known = byNumber.get(`${mchid}/${request.out_bill_no}`)
      if (!known) return make(mchid, request, user_name, fingerprint)
      if (known.fingerprint === fingerprint) return known
      throw new Refusal(400, 'ALREADY_EXISTS', '商户单号已存在，请核实参数是否与原请求一致')
    },
    find(mchid, { out_bill_no, transfer_bill_no }) {
      const record = out_bill_no === undefined ? byId.get(transfer_bill_no ?? '') : byNumber.get(`${mchid}/${out_bill_no}`)
      return record?.mchid === mchid && clock.now() - record.created_at <= QUERY_WINDOW_MS ? record : undefined
    },
    cancel(record) {
      if (record.state === 'CANCELING' || record.state === 'CANCELLED') return record
      if (record.state !== 'WAIT_USER_CONFIRM') throw invalidRequest('当前单据状态不支持撤销')
      Object.assign(record, { state: 'CANCELING', updated_at: clock.now() })
      journal.put('transfers', record)
      agenda.plan(clock.now() + behaviour.transfer_cancel_delay_ms, CANCEL_TASK, record.transfer_bill_no)
      return record
    },
    confirm(input) {
      const record = [...byId.values()].find(({ package_info }) => package_info === input.package)
      if (record?.state !== 'WAIT_USER_CONFIRM') return { errMsg: 'requestMerchantTransfer:fail package 错误或已失效' }
      if (record.mchid !== input.mchId || record.request.appid !== input.appId) {
        return { errMsg: 'requestMerchantTransfer:fail 商户号或appId与转账单不一致' }
      }
      if (input.openid !== undefined && input.openid !== record.request.openid) {
        return { errMsg: 'requestMerchantTransfer:fail 收款用户与当前用户不一致' }
      }
      if (input.action === 'cancel') return { errMsg: 'requestMerchantTransfer:cancel' }
      const name = people.find(record.request.openid)?.person.name
      const wrongName = record.user_name !== undefined && record.user_name !== name ? 'NAME_NOT_CORRECT' : undefined
      const fail_reason = input.action === 'fail' ? (input.fail_reason ?? 'OTHER_FAIL_REASON_TYPE') : wrongName
      finish(record, fail_reason === undefined ? 'SUCCESS' : 'FAIL', fail_reason, clock.now())
      return { errMsg: 'requestMerchantTransfer:ok' }
    },
    all: () => [...byId.values()],
    save: () => [...byId.values()],
    restore(records) {
      reset()
      for (const record of records) keep(record)
    },
    reset,
  }
}

function append(ledger: Ledger, record: TransferRecord, kind: TransferEntry['kind'], available: number, now: number): void {
  const { mchid, transfer_bill_no, request, state } = record
  const { out_bill_no, openid, transfer_amount } = request
  const amount = { total: transfer_amount, currency: 'CNY' } as const
  const movements = [{ owner: mchid, account: 'OPERATION', available, frozen: 0 }] as const
  ledger.append({ kind, mchid, out_bill_no, transfer_bill_no, openid, state, amount, movements }, now)
}

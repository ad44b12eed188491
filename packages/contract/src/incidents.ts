// The kinds of incidents, each with what happened and what to do. docs/reference/incidents.md is generated from this table.

import { z } from 'zod'
import { merchantId, text } from './values.ts'

export interface Advice {
  happened: string
  todo: string
}

/** Each kind has its heading in docs/reference/incidents.md. */
export const INCIDENT_KINDS_ALL = [
  'payment_mismatch',
  'fact_unreadable',
  'refund_mismatch',
  'refund_abnormal',
  'refund_unreadable',
  'refund_conflict',
  'orphan_payment',
  'orphan_refund',
  'notification_unreadable',
  'double_payment',
  'stuck',
  'books_differ',
] as const

export type IncidentKind = (typeof INCIDENT_KINDS_ALL)[number]

export const INCIDENTS: Readonly<Record<IncidentKind, { en: Advice; zh: Advice }>> = {
  payment_mismatch: {
    en: {
      happened:
        'WeChat signed a payment that is not what was ordered: another amount, merchant, program, payer or transaction. Nothing was released; the order is in `review`.',
      todo: 'Compare `detail` (expected / told) with the payment on the merchant platform. Then let two keys decide with `POST /v1/orders/{out_trade_no}/review`: accept what was paid, or reject it and give the money back on the merchant platform.',
    },
    zh: {
      happened: '微信签名确认的付款与订单不符：金额、商户、小程序、付款人或交易号不同。未发货，订单处于 `review`。',
      todo: '将 `detail`（应为 / 实为）与商户平台上的付款核对，再由两个密钥通过 `POST /v1/orders/{out_trade_no}/review` 决定：接受实际付款，或拒绝并在商户平台退回款项。',
    },
  },
  fact_unreadable: {
    en: {
      happened:
        'WeChat signed an answer about an order that this version does not understand. The order stayed as it was, and WeChat is asked again.',
      todo: 'Look at the order on the merchant platform and at `detail`. If WeChat has a new state or field, update Cashdesk; resolve the incident when the order shows what the platform shows.',
    },
    zh: {
      happened: '微信对某订单的签名应答无法识别。订单保持原状，系统会继续查询。',
      todo: '对照商户平台与 `detail`。若微信新增了状态或字段，请升级 Cashdesk；订单状态与商户平台一致后再关闭该异常。',
    },
  },
  refund_mismatch: {
    en: {
      happened:
        'WeChat signed a fact about a refund that differs from what was asked for: amount, order or number. The refund stayed as it was.',
      todo: 'Compare `detail` with the refund on the merchant platform. If money went out that should not have, settle it with the buyer; then resolve the incident with a note.',
    },
    zh: {
      happened: '微信签名的退款信息与我方请求不符：金额、订单或单号不同。退款保持原状。',
      todo: '将 `detail` 与商户平台上的退款核对。若已误退款，请与买家处理，然后填写说明关闭该异常。',
    },
  },
  refund_abnormal: {
    en: {
      happened: 'The bank could not credit the refund: the card or account of the buyer is unusable. The money is still held on the order.',
      todo: 'On the merchant platform, pay it to another account of the buyer or to the merchant (abnormal refund). The refund ends by itself when WeChat tells of it.',
    },
    zh: {
      happened: '退款无法入账：买家的银行卡或账户不可用。该金额仍占用在订单上。',
      todo: '请在商户平台发起异常退款，退到买家的其他账户或商户账户。微信通知后退款会自动完结。',
    },
  },
  refund_unreadable: {
    en: {
      happened:
        'WeChat signed a state of a refund that this version does not know. The refund stayed as it was, and WeChat is asked again.',
      todo: 'Look at the refund on the merchant platform. Update Cashdesk if there is a new state; resolve the incident when both show the same.',
    },
    zh: {
      happened: '微信签名的退款状态无法识别。退款保持原状，系统会继续查询。',
      todo: '请在商户平台查看该退款。若微信新增了状态，请升级 Cashdesk；两边一致后关闭该异常。',
    },
  },
  refund_conflict: {
    en: {
      happened:
        'WeChat paid back more than the order had left: a refund made on the merchant platform beside one that was asked for here, or one that had been given up here. It is not counted yet.',
      todo: 'Find out which refunds were meant. When the other one has ended (rejected or closed), run `cashdesk repair`: the refund is counted then and the incident ends by itself. Otherwise settle it with the buyer and resolve the incident with a note.',
    },
    zh: {
      happened: '微信退回的金额超过订单剩余可退金额：在商户平台发起的退款与此处的退款冲突，或此处已放弃的退款又成功。该退款尚未计入。',
      todo: '请查明应退哪一笔。另一笔结束（被拒绝或关闭）后运行 `cashdesk repair`，该退款会被计入，异常自动关闭；否则请与买家处理，并填写说明关闭该异常。',
    },
  },
  orphan_payment: {
    en: {
      happened:
        'WeChat signed a payment for an order that is not here: from another system that uses the same merchant number, or from before a backup was restored.',
      todo: 'If another system owns the order, send its notifications to it (its own notify_url). After a restored backup, find the order in your own system by `subject`, deliver or refund on the merchant platform, and resolve the incident with a note.',
    },
    zh: {
      happened: '微信签名确认了一笔此处没有的订单的付款：来自使用同一商户号的其他系统，或备份恢复之前的订单。',
      todo: '若订单属于其他系统，请让其使用自己的 notify_url。若为恢复备份所致，请按 `subject` 在自有系统中找到订单，发货或在商户平台退款，并填写说明关闭该异常。',
    },
  },
  orphan_refund: {
    en: {
      happened:
        'WeChat signed a refund that cannot be counted: its order is not here or not paid here, or the message lacks its number or amount; or an order is refunded at WeChat and no refund of it is known.',
      todo: 'Run `cashdesk repair`: where the order is known by now, the refund is counted and the incident ends by itself. Otherwise look on the merchant platform, and resolve the incident with a note.',
    },
    zh: {
      happened: '微信签名的退款无法计入：此处没有对应订单或订单未支付，或消息缺少单号或金额；也可能是微信侧已退款而此处没有退款记录。',
      todo: '请运行 `cashdesk repair`：若订单已可识别，退款会被计入，异常自动关闭。否则请在商户平台核对，并填写说明关闭该异常。',
    },
  },
  notification_unreadable: {
    en: {
      happened:
        'WeChat signed a notification whose content this version cannot read. It was acknowledged and kept; WeChat is asked about the order or refund that it names.',
      todo: 'Look at `detail` and, if it names an order, at `cashdesk orders show`. Update Cashdesk if WeChat has a new event; resolve the incident when nothing is missing.',
    },
    zh: {
      happened: '微信签名的通知内容无法读取。已应答并保存，系统会向微信查询其中提到的订单或退款。',
      todo: '请查看 `detail`；若有单号，可运行 `cashdesk orders show`。若微信新增了事件，请升级 Cashdesk；确认无遗漏后关闭该异常。',
    },
  },
  double_payment: {
    en: {
      happened: 'Two payments arrived for one order of yours (`reference`). Both are true.',
      todo: 'Refund one of the two orders in `detail`, and resolve the incident.',
    },
    zh: {
      happened: '同一业务单（`reference`）收到两笔付款，两笔均真实有效。',
      todo: '请对 `detail` 中的一笔订单退款，然后关闭该异常。',
    },
  },
  stuck: {
    en: {
      happened:
        'An order or refund was taken up ten times by the schedule without getting anywhere: the server ended in the middle, or WeChat never answered. It is tried again every half hour.',
      todo: 'Read the log lines of this number and `cashdesk orders show`. When the cause is gone, the order moves on by itself; then resolve the incident.',
    },
    zh: {
      happened: '定时任务已处理该订单或退款十次仍无进展：进程中途退出，或微信一直没有应答。系统每半小时重试一次。',
      todo: '请查看该单号的日志与 `cashdesk orders show`。原因消除后会自动继续，之后关闭该异常。',
    },
  },
  books_differ: {
    en: {
      happened:
        'The day in `subject` was compared with WeChat’s bills, and something differs that WeChat’s answers do not explain; or its bills can no longer be fetched.',
      todo: 'Run `cashdesk reconcile --date DAY` and settle each difference ([what each class means](differences.md)). The incident ends by itself when nothing of the day is unsettled.',
    },
    zh: {
      happened: '`subject` 所示日期与微信账单核对后有差异，且微信的应答无法说明；或其账单已超出可下载期限。',
      todo: '请运行 `cashdesk reconcile --date 日期` 并逐条处理（[各类差异的含义](differences.zh-CN.md)）。当日差异全部处理后，异常自动关闭。',
    },
  },
}

export interface IncidentAnswer {
  id: string
  merchant: string
  /** What happened and what to do: docs/reference/incidents.md. */
  kind: IncidentKind
  /** The number that the incident is about: of an order, a refund, a notification, or your own reference. */
  subject: string
  detail: Readonly<Record<string, string>>
  state: 'open' | 'resolved'
  created_at: string
  resolved_at: string | null
  /** The API key that resolved it; `server` if it was resolved automatically. */
  resolved_by: string | null
  note: string | null
}
export const incidentAnswer: z.ZodType<IncidentAnswer> = z.object({
  id: z.string(),
  merchant: z.string(),
  kind: z.enum(INCIDENT_KINDS_ALL),
  subject: z.string(),
  detail: z.record(z.string(), z.string()),
  state: z.enum(['open', 'resolved']),
  created_at: z.iso.datetime(),
  resolved_at: z.iso.datetime().nullable(),
  resolved_by: z.string().nullable(),
  note: z.string().nullable(),
})

export interface IncidentsQuery {
  merchant?: string | undefined
  limit: number
  state?: 'open' | 'resolved' | undefined
  kind?: IncidentKind | undefined
  /** The id of the last incident on the previous page. */
  after?: string | undefined
}
export const incidentsQuery: z.ZodType<IncidentsQuery, unknown> = z.strictObject({
  merchant: merchantId.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  state: z.enum(['open', 'resolved']).optional(),
  kind: z.enum(INCIDENT_KINDS_ALL).optional(),
  after: z.string().min(1).max(64).optional(),
})

export interface ResolveIncidentRequest {
  /** What was found and done. Stored with the incident and in the audit log. */
  note: string
}
export const resolveIncidentRequest: z.ZodType<ResolveIncidentRequest> = z.strictObject({ note: text(500) })

// Every route of our API, as data. The server, the typed client, the OpenAPI document and the test of permissions all read this table.

import type { z } from 'zod'
import * as answers from './answers.ts'
import {
  actOnDifferenceRequest,
  differenceAnswer,
  differencesQuery,
  importBillQuery,
  reconciliationAnswer,
  reconciliationsQuery,
  runReconciliationRequest,
} from './books-api.ts'
import { clientOrderQuery, clientPayRequest, createSessionRequest } from './client-api.ts'
import { incidentAnswer, incidentsQuery, resolveIncidentRequest } from './incidents.ts'
import { apiKeyAnswer, createApiKeyRequest, createdApiKeyAnswer, revokeApiKeyQuery, revokedApiKeysAnswer } from './keys-api.ts'
import {
  createOrderRequest,
  createRefundRequest,
  createWebhookEndpointRequest,
  eventsQuery,
  listQuery,
  ofMerchantQuery,
  oneOrderQuery,
  replayEventsRequest,
} from './merchant-api.ts'
import { auditLogEntry, auditLogQuery, reviewAnswer, reviewOrderRequest } from './operators-api.ts'
import type { ProblemCode } from './problems.ts'
import type { Scope } from './scopes.ts'
import { orderStoryAnswer } from './story.ts'

export interface Route {
  method: 'GET' | 'POST' | 'DELETE'
  /** With `{parameters}`, as OpenAPI writes them. */
  path: string
  /** Who may call it: an API key with that scope, the session of a phone, or anyone. */
  who: Scope | 'session' | 'anyone'
  en: string
  zh: string
  query?: z.ZodType | undefined
  body?: z.ZodType | undefined
  /** The possible status codes of success. */
  status: readonly number[]
  answer: z.ZodType | null
  /** Besides those that any call may be answered with. */
  problems: readonly ProblemCode[]
}

export type RouteName =
  | 'createOrder'
  | 'listOrders'
  | 'getOrder'
  | 'getOrderStory'
  | 'payOrder'
  | 'closeOrder'
  | 'createRefund'
  | 'listRefundsOfOrder'
  | 'getRefund'
  | 'listEvents'
  | 'replayEvent'
  | 'replayEvents'
  | 'listDeliveries'
  | 'createWebhookEndpoint'
  | 'listWebhookEndpoints'
  | 'rotateWebhookSecret'
  | 'disableWebhookEndpoint'
  | 'createApiKey'
  | 'listApiKeys'
  | 'revokeApiKey'
  | 'reviewOrder'
  | 'listAuditLog'
  | 'listIncidents'
  | 'resolveIncident'
  | 'listReconciliations'
  | 'getReconciliation'
  | 'runReconciliation'
  | 'importBill'
  | 'listDifferences'
  | 'getDifference'
  | 'actOnDifference'
  | 'createSession'
  | 'payAsClient'
  | 'getOrderAsClient'

const PAY_PROBLEMS: readonly ProblemCode[] = [
  'order_paid',
  'order_closed',
  'order_expired',
  'order_failed',
  'order_in_review',
  'payer_differs',
  'wechat_refused',
  'wechat_unreachable',
  'wechat_busy',
]

export const ROUTES: Readonly<Record<RouteName, Route>> = {
  createOrder: {
    method: 'POST',
    path: '/v1/orders',
    who: 'orders:write',
    en: 'Place an order. The same number with the same contents is the same order; 201 when it is new. With `pay`, the payment fields come with it.',
    zh: '下单。单号与内容均相同即为同一订单；新建时返回 201。带 `pay` 时一并返回调起支付的参数。',
    body: createOrderRequest,
    status: [201, 200],
    answer: answers.createdOrderAnswer,
    problems: [
      'bad_json',
      'idempotency_key_missing',
      'order_differs',
      'reference_open',
      'reference_paid',
      'appid_unknown',
      'time_expire_range',
      'body_too_large',
      'payer_missing',
      ...PAY_PROBLEMS,
    ],
  },
  listOrders: {
    method: 'GET',
    path: '/v1/orders',
    who: 'read',
    en: 'Orders, newest first.',
    zh: '订单列表，新的在前。',
    query: listQuery,
    status: [200],
    answer: answers.page(answers.orderAnswer),
    problems: [],
  },
  getOrder: {
    method: 'GET',
    path: '/v1/orders/{out_trade_no}',
    who: 'read',
    en: 'One order. `refresh=1` asks WeChat first.',
    zh: '查询订单。`refresh=1` 会先向微信查询。',
    query: oneOrderQuery,
    status: [200],
    answer: answers.orderAnswer,
    problems: [],
  },
  getOrderStory: {
    method: 'GET',
    path: '/v1/orders/{out_trade_no}/story',
    who: 'read',
    en: 'All that is known about one order, oldest first: states and who said so, what WeChat notified and refused, events and their deliveries, refunds, incidents. The letters that a buyer quotes may stand in place of the number.',
    zh: '一笔订单的完整经过，旧的在前：状态及其依据、微信的通知与拒绝、事件及推送、退款、异常。单号处也可填写买家提供的编号。',
    query: ofMerchantQuery,
    status: [200],
    answer: orderStoryAnswer,
    problems: [],
  },
  payOrder: {
    method: 'POST',
    path: '/v1/orders/{out_trade_no}/pay',
    who: 'orders:write',
    en: 'Begin the payment of an order whose payer is known: the fields for wx.requestPayment.',
    zh: '为已知付款人的订单发起支付，返回 wx.requestPayment 所需字段。',
    query: ofMerchantQuery,
    status: [200],
    answer: answers.paymentFields,
    problems: ['payer_missing', ...PAY_PROBLEMS],
  },
  closeOrder: {
    method: 'POST',
    path: '/v1/orders/{out_trade_no}/close',
    who: 'orders:write',
    en: 'Close an order that nobody shall pay any more. The answer says what became of it: whoever paid at that moment has paid.',
    zh: '关闭不再收款的订单。以应答中的状态为准：若用户恰好已付款，则订单为已支付。',
    query: ofMerchantQuery,
    status: [200],
    answer: answers.orderAnswer,
    problems: [],
  },
  createRefund: {
    method: 'POST',
    path: '/v1/orders/{out_trade_no}/refunds',
    who: 'refunds:write',
    en: 'Give money back. Repeat with the same out_refund_no whenever the answer is not known; 201 when it is new.',
    zh: '退款。结果不明时请用相同的 out_refund_no 重试；新建时返回 201。',
    query: ofMerchantQuery,
    body: createRefundRequest,
    status: [201, 200],
    answer: answers.refundAnswer,
    problems: ['bad_json', 'order_not_paid', 'refund_exceeds', 'refund_differs', 'refund_too_late', 'too_many_refunds', 'body_too_large'],
  },
  listRefundsOfOrder: {
    method: 'GET',
    path: '/v1/orders/{out_trade_no}/refunds',
    who: 'read',
    en: 'Refunds of an order, oldest first.',
    zh: '某订单的退款，旧的在前。',
    query: ofMerchantQuery,
    status: [200],
    answer: answers.page(answers.refundAnswer),
    problems: [],
  },
  getRefund: {
    method: 'GET',
    path: '/v1/refunds/{out_refund_no}',
    who: 'read',
    en: 'One refund. `refresh=1` asks WeChat first.',
    zh: '查询退款。`refresh=1` 会先向微信查询。',
    query: oneOrderQuery,
    status: [200],
    answer: answers.refundAnswer,
    problems: [],
  },
  listEvents: {
    method: 'GET',
    path: '/v1/events',
    who: 'read',
    en: 'What happened, oldest first: the same facts that go to webhook endpoints.',
    zh: '事件列表，旧的在前，内容与 webhook 推送一致。',
    query: eventsQuery,
    status: [200],
    answer: answers.page(answers.eventAnswer),
    problems: [],
  },
  replayEvent: {
    method: 'POST',
    path: '/v1/events/{id}/replay',
    who: 'webhooks',
    en: 'Send an event to every endpoint once more, under its own id.',
    zh: '以原 id 向所有地址重新推送该事件。',
    query: ofMerchantQuery,
    status: [204],
    answer: null,
    problems: [],
  },
  replayEvents: {
    method: 'POST',
    path: '/v1/events/replay',
    who: 'webhooks',
    en: 'Send the events of a time once more, each under its own id; `exhausted` sends only what was given up.',
    zh: '重新推送某段时间的事件，各用原 id；`exhausted` 只推送已放弃的。',
    query: ofMerchantQuery,
    body: replayEventsRequest,
    status: [200],
    answer: answers.replayedAnswer,
    problems: ['bad_json', 'body_too_large'],
  },
  listDeliveries: {
    method: 'GET',
    path: '/v1/events/{id}/deliveries',
    who: 'webhooks',
    en: 'How the deliveries of an event went.',
    zh: '某事件的推送结果。',
    query: ofMerchantQuery,
    status: [200],
    answer: answers.page(answers.deliveryAnswer),
    problems: [],
  },
  createWebhookEndpoint: {
    method: 'POST',
    path: '/v1/webhook_endpoints',
    who: 'webhooks',
    en: 'Register where events go. The secret is shown here and at a change, never again.',
    zh: '登记 webhook 地址。secret 仅在此处与更换时显示。',
    query: ofMerchantQuery,
    body: createWebhookEndpointRequest,
    status: [201],
    answer: answers.createdWebhookEndpointAnswer,
    problems: ['bad_json', 'too_many_endpoints', 'body_too_large'],
  },
  listWebhookEndpoints: {
    method: 'GET',
    path: '/v1/webhook_endpoints',
    who: 'webhooks',
    en: 'The merchant’s endpoints.',
    zh: '商户的 webhook 地址列表。',
    query: ofMerchantQuery,
    status: [200],
    answer: answers.page(answers.webhookEndpointAnswer),
    problems: [],
  },
  rotateWebhookSecret: {
    method: 'POST',
    path: '/v1/webhook_endpoints/{id}/rotate',
    who: 'webhooks',
    en: 'Change the secret; for a day both sign.',
    zh: '更换 secret；一天内新旧 secret 同时签名。',
    query: ofMerchantQuery,
    status: [200],
    answer: answers.rotatedSecretAnswer,
    problems: [],
  },
  disableWebhookEndpoint: {
    method: 'DELETE',
    path: '/v1/webhook_endpoints/{id}',
    who: 'webhooks',
    en: 'Send nothing there any more.',
    zh: '停用该地址。',
    query: ofMerchantQuery,
    status: [204],
    answer: null,
    problems: [],
  },
  createApiKey: {
    method: 'POST',
    path: '/v1/api_keys',
    who: 'admin',
    en: 'Make an API key within your own merchants, scopes and lifetime. It is shown once.',
    zh: '新建 API 密钥，其商户、权限范围与有效期不得超出本密钥；仅显示一次。',
    body: createApiKeyRequest,
    status: [201],
    answer: createdApiKeyAnswer,
    problems: ['bad_json', 'key_exceeds', 'body_too_large'],
  },
  listApiKeys: {
    method: 'GET',
    path: '/v1/api_keys',
    who: 'admin',
    en: 'API keys in the database whose merchants are all yours, newest first. Those of the configuration file are not listed.',
    zh: '数据库中商户范围不超出本密钥的 API 密钥，新的在前；不含配置文件中的密钥。',
    status: [200],
    answer: answers.page(apiKeyAnswer),
    problems: [],
  },
  revokeApiKey: {
    method: 'DELETE',
    path: '/v1/api_keys/{prefix}',
    who: 'admin',
    en: 'Revoke an API key: from the next request on it opens nothing, on every replica. Answers which keys it had made; `with_children=1` revokes those too.',
    zh: '吊销 API 密钥：所有副本自下一个请求起即失效。应答会列出由它创建的密钥；`with_children=1` 会一并吊销。',
    query: revokeApiKeyQuery,
    status: [200],
    answer: revokedApiKeysAnswer,
    problems: [],
  },
  reviewOrder: {
    method: 'POST',
    path: '/v1/orders/{out_trade_no}/review',
    who: 'admin',
    en: 'Decide about an order in review. The first key proposes (202), an unrelated one (no common maker) confirms the same decision (200): paid, or closed.',
    zh: '处理待人工审核的订单。第一个密钥提出（202），另一个无关密钥（没有共同的创建者）确认相同决定（200）：已支付，或已关闭。',
    query: ofMerchantQuery,
    body: reviewOrderRequest,
    status: [202, 200],
    answer: reviewAnswer,
    problems: [
      'merchant_unclear',
      'bad_json',
      'review_same_maker',
      'order_not_in_review',
      'review_not_acceptable',
      'wechat_unreachable',
      'body_too_large',
    ],
  },
  listAuditLog: {
    method: 'GET',
    path: '/v1/audit_log',
    who: 'admin',
    en: 'What was done by hand, oldest first: reviews, endpoints, API keys, refunds and closes with an `admin` key. Each entry carries the hash of the one before.',
    zh: '人工操作记录，旧的在前：审核、推送地址、API 密钥，以及 `admin` 密钥的退款与关单。每条都带有前一条的哈希。',
    query: auditLogQuery,
    status: [200],
    answer: answers.page(auditLogEntry),
    problems: ['merchant_unclear', 'not_found'],
  },
  listIncidents: {
    method: 'GET',
    path: '/v1/incidents',
    who: 'read',
    en: 'What a person must look at, newest first. What each kind means and what to do: docs/reference/incidents.md.',
    zh: '需要人工处理的异常，新的在前。各类异常的含义与处理方法见 docs/reference/incidents.zh-CN.md。',
    query: incidentsQuery,
    status: [200],
    answer: answers.page(incidentAnswer),
    problems: [],
  },
  resolveIncident: {
    method: 'POST',
    path: '/v1/incidents/{id}/resolve',
    who: 'admin',
    en: 'A person has dealt with an incident. One that has ended stays as it ended.',
    zh: '人工处理完毕，关闭异常。已关闭的保持不变。',
    query: ofMerchantQuery,
    body: resolveIncidentRequest,
    status: [200],
    answer: incidentAnswer,
    problems: ['merchant_unclear', 'bad_json', 'body_too_large'],
  },
  listReconciliations: {
    method: 'GET',
    path: '/v1/reconciliations',
    who: 'read',
    en: 'The days of a merchant number, newest first: whether WeChat’s bills are there and agree, with the statement of the day. Needs a key for all merchants of that number.',
    zh: '某商户号的对账日，新的在前：微信账单是否齐全、是否一致，以及当日资金表。需要拥有该商户号下全部商户权限的密钥。',
    query: reconciliationsQuery,
    status: [200],
    answer: answers.page(reconciliationAnswer),
    problems: [],
  },
  getReconciliation: {
    method: 'GET',
    path: '/v1/reconciliations/{date}',
    who: 'read',
    en: 'One day.',
    zh: '某一天的对账结果。',
    query: ofMerchantQuery,
    status: [200],
    answer: reconciliationAnswer,
    problems: [],
  },
  runReconciliation: {
    method: 'POST',
    path: '/v1/reconciliations/{date}/run',
    who: 'admin',
    en: 'Reconcile a day now: fetch what is missing, compare, ask WeChat about what differs. Repeating it is harmless.',
    zh: '立即对某一天对账：下载缺少的账单、比对，并就差异向微信查询。可重复执行。',
    query: ofMerchantQuery,
    body: runReconciliationRequest,
    status: [200],
    answer: reconciliationAnswer,
    problems: ['bad_json', 'body_too_large', 'day_not_over'],
  },
  importBill: {
    method: 'POST',
    path: '/v1/reconciliations/{date}/bills',
    who: 'admin',
    en: 'Take a bill that a person downloaded on the merchant platform, as it came, plain or gzip. It is taken whole or refused whole with line and column.',
    zh: '导入在商户平台手工下载的账单原文件（明文或 gzip）。要么整份导入，要么整份拒绝并指出行与列。',
    query: importBillQuery,
    status: [200],
    answer: reconciliationAnswer,
    problems: ['bill_refused', 'day_not_over', 'body_incomplete', 'body_too_large'],
  },
  listDifferences: {
    method: 'GET',
    path: '/v1/differences',
    who: 'read',
    en: 'Differences between the ledger and WeChat’s bills, newest day first.',
    zh: '账本与微信账单之间的差异，日期新的在前。',
    query: differencesQuery,
    status: [200],
    answer: answers.page(differenceAnswer),
    problems: [],
  },
  getDifference: {
    method: 'GET',
    path: '/v1/differences/{id}',
    who: 'read',
    en: 'One difference.',
    zh: '查询一条差异。',
    query: ofMerchantQuery,
    status: [200],
    answer: differenceAnswer,
    problems: [],
  },
  actOnDifference: {
    method: 'POST',
    path: '/v1/differences/{id}',
    who: 'admin',
    en: 'Assign, resolve, write off or reopen a difference. Above ¥100 a write-off needs two unrelated keys: 202 until the second has accepted.',
    zh: '指派、处理、平账或重新打开一条差异。平账金额超过 100 元时需要两个互不相关的密钥：第二个密钥确认之前返回 202。',
    query: ofMerchantQuery,
    body: actOnDifferenceRequest,
    status: [200, 202],
    answer: differenceAnswer,
    problems: ['bad_json', 'body_too_large', 'difference_settled', 'write_off_same_maker'],
  },
  createSession: {
    method: 'POST',
    path: '/client/v1/sessions',
    who: 'anyone',
    en: 'A phone logs in with the code of wx.login.',
    zh: '手机端以 wx.login 的 code 登录。',
    body: createSessionRequest,
    status: [201],
    answer: answers.sessionAnswer,
    problems: ['bad_json', 'appid_unknown', 'login_refused', 'wechat_unreachable', 'body_too_large'],
  },
  payAsClient: {
    method: 'POST',
    path: '/client/v1/orders/{out_trade_no}/pay',
    who: 'session',
    en: 'The phone pays the order whose client_secret it holds.',
    zh: '手机端凭 client_secret 支付订单。',
    body: clientPayRequest,
    status: [200],
    answer: answers.paymentFields,
    problems: ['bad_json', 'client_secret_wrong', 'appid_unknown', ...PAY_PROBLEMS, 'body_too_large'],
  },
  getOrderAsClient: {
    method: 'GET',
    path: '/client/v1/orders/{out_trade_no}',
    who: 'session',
    en: 'The state of one’s own order. With `client_result`, WeChat is asked first.',
    zh: '查询本人的订单状态；带 `client_result` 时会先向微信查询。',
    query: clientOrderQuery,
    status: [200],
    answer: answers.clientOrderAnswer,
    problems: [],
  },
}

// The metrics, one registry per world. Labels have few values: never an openid, an order number or an amount.

import { Counter, Gauge, Histogram, Registry } from 'prom-client'

export type WechatOp = 'place' | 'query' | 'close' | 'refund' | 'query_refund' | 'login'

export interface Metrics {
  registry: Registry
  /** State changes that this process committed. */
  orders: Counter<'state'>
  refunds: Counter<'state'>
  detection: Histogram<'via'>
  notifications: Counter<'result'>
  calls: Counter<'op' | 'outcome'>
  deliveries: Counter<'result'>
  requests: Histogram<'http_request_method' | 'http_route' | 'http_response_status_code'>
  violations: Gauge<'check'>
  storeErrors: Counter<'reason'>
}

const SECOND = 1
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** The bucket boundaries that OpenTelemetry recommends for `http.server.request.duration`. */
const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]
const DETECTION_SECONDS = [1, 2, 5, 15, 30, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 6 * HOUR, 24 * HOUR]

export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const counter = <L extends string>(name: string, help: string, ...labelNames: L[]) =>
    new Counter<L>({ name, help, labelNames, registers })
  return {
    registry,
    orders: counter('wxpay_orders_total', 'Orders that reached this state, in this process.', 'state'),
    refunds: counter('wxpay_refunds_total', 'Refunds that reached this state, in this process.', 'state'),
    detection: new Histogram({
      name: 'wxpay_payment_detect_seconds',
      help: "From WeChat's success_time to our commit, by what told us first.",
      labelNames: ['via'],
      buckets: DETECTION_SECONDS,
      registers,
    }),
    notifications: counter('wxpay_notifications_total', 'Notifications from WeChat, or in its name.', 'result'),
    calls: counter('wxpay_api_requests_total', 'Calls to WeChat; unknown ones are settled by asking.', 'op', 'outcome'),
    deliveries: counter('wxpay_webhook_deliveries_total', 'Attempts to deliver an event.', 'result'),
    requests: new Histogram({
      name: 'http_server_request_duration_seconds',
      help: 'Requests to this server.',
      labelNames: ['http_request_method', 'http_route', 'http_response_status_code'],
      buckets: REQUEST_SECONDS,
      registers,
    }),
    storeErrors: counter('wxpay_database_errors_total', 'Transactions that the database did not take, by why.', 'reason'),
    violations: new Gauge({
      name: 'wxpay_audit_violations',
      help: 'Broken promises that this check of the audit found when this process last ran it.',
      labelNames: ['check'],
      registers,
    }),
  }
}

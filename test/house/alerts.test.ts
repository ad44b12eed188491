// G6: each alert of docs/how-to/alerts.yml fires at its cause and not otherwise, as evaluated by Debian's promtool, and names metrics that exist.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { toolNamed } from '../support/tools.ts'

const FILE = new URL('../../docs/how-to/alerts.yml', import.meta.url).pathname
const PROMTOOL = toolNamed('promtool').find()
const alerts = [...readFileSync(FILE, 'utf8').matchAll(/^ {6}- alert: ([A-Za-z]+)$/gm)].map((match) => match[1] ?? '')

/** The cause of each alert: series with one sample a minute, `from` + n × `step`. */
const TROUBLE: Readonly<Record<string, readonly string[]>> = {
  BrokenPromise: ['wxpay_audit_violations{check="A01"} 1+0x90'],
  ForAPerson: ['wxpay_incidents_open{kind="stuck"} 0+0x80 1+0x10'],
  UnknownOutcome: ['wxpay_order_state_age_seconds{state="ordering"} 700+0x90'],
  RefundAbnormal: ['wxpay_refund_state_age_seconds{state="abnormal"} 5+0x90'],
  NotificationsBroken: [
    'wxpay_payment_detect_seconds_count{via="query"} 0+5x90',
    'wxpay_payment_detect_seconds_count{via="notify"} 0+5x90',
  ],
  ForgedNotifications: ['wxpay_notifications_total{result="bad_signature"} 0+600x90'],
  WebhookLag: ['wxpay_webhook_lag_seconds 1000+0x90'],
  WebhookExhausted: ['wxpay_webhook_deliveries_total{result="exhausted"} 0+0x80 1+0x10'],
  ScheduleLate: ['wxpay_job_lateness_seconds{queue="orders"} 400+0x90'],
  CertificateEnds: ['wxpay_cert_expiry_timestamp{serial="1",owner="wechat"} 100000+0x90'],
  ClockWrong: ['wxpay_clock_jump_seconds -86400+0x90'],
  MerchantUntrusted: ['wxpay_merchant_trusted{merchant="shop",what="answers"} 0+0x90'],
  DatabaseAway: ['wxpay_database_up 0+0x90'],
  NotReady: ['wxpay_queue_age_seconds 3+0x90'],
}

/** The metrics of a day on which nothing is wrong. */
const CALM: readonly string[] = [
  'wxpay_audit_violations{check="A01"} 0+0x90',
  'wxpay_incidents_open{kind="stuck"} 1+0x90',
  'wxpay_order_state_age_seconds{state="ordering"} 20+0x90',
  'wxpay_refund_state_age_seconds{state="requested"} 20+0x90',
  'wxpay_payment_detect_seconds_count{via="query"} 0+1x90',
  'wxpay_payment_detect_seconds_count{via="notify"} 0+20x90',
  'wxpay_notifications_total{result="bad_signature"} 5+0x90',
  'wxpay_webhook_lag_seconds 3+0x90',
  'wxpay_webhook_deliveries_total{result="exhausted"} 2+0x90',
  'wxpay_job_lateness_seconds{queue="orders"} 1+0x90',
  'wxpay_jobs_dead 0+0x90',
  'wxpay_cert_expiry_timestamp{serial="1",owner="wechat"} 9000000+0x90',
  'wxpay_clock_skew_seconds -1+0x90',
  'wxpay_clock_jump_seconds 0+0x90',
  'wxpay_merchant_trusted{merchant="shop",what="answers"} 1+0x90',
  'wxpay_database_up 1+0x90',
  'wxpay_queue_age_seconds 0+0x90',
]

const series = (lines: readonly string[]): string =>
  lines
    .map((line) => {
      const [, name = '', values = ''] = /^(\S+) (.*)$/.exec(line) ?? []
      return `      - { series: '${name}', values: '${values}' }`
    })
    .join('\n')

function promtool(...args: string[]): string {
  try {
    return execFileSync(PROMTOOL ?? '', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  } catch (error) {
    return `FAILED ${(error as { stdout?: string }).stdout}${(error as { stderr?: string }).stderr}`
  }
}

/** Whether these alerts, and only these, fire after 85 minutes. */
function firing(lines: readonly string[], names: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'cashdesk-alerts-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const expected = alerts.map(
    (name) => `      - { eval_time: 85m, alertname: ${name}, exp_alerts: ${names.includes(name) ? '[ANY]' : '[]'} }`,
  )
  // promtool compares the labels of a firing alert. Here only the firing matters, so labels are removed from the file.
  const quiet = expected.filter((line) => !line.includes('[ANY]'))
  const text = [
    `rule_files: [${JSON.stringify(FILE)}]`,
    'evaluation_interval: 1m',
    'tests:',
    '  - interval: 1m',
    '    input_series:',
    series(lines),
    '    alert_rule_test:',
    ...quiet,
  ]
  writeFileSync(join(folder, 'quiet.yml'), `${text.join('\n')}\n`)
  const others = promtool('test', 'rules', join(folder, 'quiet.yml'))
  const loud = names.map((name) => `      - { eval_time: 85m, alertname: ${name}, exp_alerts: [] }`)
  if (loud.length === 0) return others.includes('SUCCESS') ? 'as expected' : others
  writeFileSync(join(folder, 'loud.yml'), `${[...text.slice(0, -quiet.length || undefined), ...loud].join('\n')}\n`)
  const these = promtool('test', 'rules', join(folder, 'loud.yml'))
  // The file must state for each alert that it does not fire.
  return others.includes('SUCCESS') && these.includes('FAILED') && these.includes('got:') ? 'as expected' : `${others}\n${these}`
}

test('each alert has its cause in this test', () => {
  expect(Object.keys(TROUBLE)).toEqual(alerts)
})

test.skipIf(!PROMTOOL)('G6: promtool accepts the rules', () => {
  expect(promtool('check', 'rules', FILE)).toContain(`SUCCESS: ${alerts.length} rules found`)
})

test.skipIf(!PROMTOOL)('G6: no alert fires while nothing is wrong', () => {
  expect(firing(CALM, [])).toBe('as expected')
})

test.skipIf(!PROMTOOL).each(Object.keys(TROUBLE))('G6: only %s fires at its cause', (name) => {
  expect(firing(TROUBLE[name] ?? [], [name])).toBe('as expected')
})

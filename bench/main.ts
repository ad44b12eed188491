// `npm run bench -- [NAME…] [--json]`: our figures beside the bare limit and other libraries, measured in one run. A name selects its group or one figure: sdk,
// sdk.sign.

import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { backup } from './backup.ts'
import * as bill from './bill.ts'
import { costPostgres, costSqlite } from './cost.ts'
import * as emulator from './emulator.ts'
import type { Figure } from './measure.ts'
import { overload } from './overload.ts'
import { reconcile } from './reconcile.ts'
import * as sdk from './sdk.ts'
import * as server from './server.ts'
import { strangersPostgres, strangersSqlite } from './strangers.ts'

const FIGURES: Readonly<Record<string, () => Figure | Promise<Figure>>> = {
  'sdk.sign': sdk.sign,
  'sdk.notification': sdk.notification,
  'sdk.pay_fields': sdk.payFields,
  'sdk.import': sdk.cold,
  'bill.read': bill.read,
  'bill.file': bill.file,
  'bill.memory': bill.memory,
  'emulator.order': emulator.order,
  'emulator.notify': emulator.notify,
  'server.create_order': server.createOrder,
  'server.cost.sqlite': costSqlite,
  'server.cost.postgres': costPostgres,
  'server.notification': server.notification,
  'server.flat': server.flat,
  'server.soak': server.soak,
  'server.strangers.sqlite': strangersSqlite,
  'server.strangers.postgres': strangersPostgres,
  'server.overload': overload,
  'server.backup': backup,
  'reconcile.sqlite': reconcile,
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean', default: false } } })
const chosen = Object.entries(FIGURES).filter(
  ([name]) => positionals.length === 0 || positionals.some((wanted) => name === wanted || name.startsWith(`${wanted}.`)),
)
if (chosen.length === 0) {
  console.error(`No figure is called ${positionals.join(', ')}. There are: ${Object.keys(FIGURES).join(', ')}`)
  process.exit(2)
}
if (!values.json)
  console.log(
    `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}, libuv threads ${process.env['UV_THREADPOOL_SIZE'] ?? 4}\n`,
  )
for (const [, measure] of chosen) {
  const figure = await measure()
  console.log(values.json ? JSON.stringify(figure) : line(figure))
}
// Ends the process in spite of the emulator's timers and idle connections.
process.exit(0)

function line({ name, value, unit, limit, ratio, spread, peers = {}, loop_delay_p99_ms, note }: Figure): string {
  const facts = [
    `${value}${unit === '/s' ? '/s' : ` ${unit}`}`,
    limit !== undefined && `limit ${limit}`,
    ratio !== undefined && `ratio ${ratio}`,
    spread && `(${spread.join('–')})`,
    ...Object.entries(peers).map(([who, peer]) => `${who} ${peer}`),
    loop_delay_p99_ms !== undefined && `loop p99 ${loop_delay_p99_ms} ms`,
  ].filter(Boolean)
  return `${name.padEnd(18)} ${facts.join('  ')}${note ? `\n${' '.repeat(19)}${note}` : ''}`
}

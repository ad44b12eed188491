// `npm run simulate -- --seeds N [--seed S]`: runs the simulation with consecutive seeds. Prints each failed seed and why; exit 1 if any failed.

import { parseArgs } from 'node:util'
import { generateKeys } from '@cashdesk/emulator'
import { type Report, run } from './run.ts'
import { START } from './world.ts'

const { values } = parseArgs({ options: { seeds: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } } })
const [count, first] = [Number(values.seeds), Number(values.seed)]
if (!Number.isInteger(count) || count < 1 || !Number.isInteger(first)) {
  console.error('Usage: npm run simulate -- --seeds N [--seed S]')
  process.exit(2)
}
const keys = await generateKeys(START)
let violations = 0
const happened = { orders: 0, paid: 0, refunded: 0, deaths: 0 }
for (let seed = first; seed < first + count; seed++) {
  const report = await run(seed, keys).catch(failed)
  violations += report.wrong.length
  for (const line of report.wrong) console.log(`SEED=${seed} ${line}`)
  for (const name of ['orders', 'paid', 'refunded', 'deaths'] as const) happened[name] += report[name]
}
console.log(`${happened.orders} orders, ${happened.paid} paid, ${happened.refunded} refunds, the server died ${happened.deaths} times`)
console.log(`${count} seeds, ${violations} violations`)
process.exit(violations === 0 ? 0 : 1)

function failed(error: unknown): Report {
  const wrong = [`the simulation itself failed: ${error instanceof Error ? error.stack : error}`]
  return { wrong, orders: 0, paid: 0, refunded: 0, deaths: 0 }
}

// `cashdesk export` and `cashdesk import`: a whole database as lines of text, from either engine into either.

import { createReadStream, createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { type Counts, openStore } from '@cashdesk/store'
import { printViolations } from './audit.ts'

export const TRANSFER_USAGE = `cashdesk export [--database URL] [--out FILE]
cashdesk import --database URL [--in FILE]

  --database  export: CASHDESK_DATABASE_URL, or sqlite:./data/cashdesk.db; import: a new one, which no server has used yet
  --out --in  one JSON object a line; standard output, standard input

  An import is whole or nothing, and ends with an audit`

export async function exportDatabase(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options: { database: { type: 'string' }, out: { type: 'string' } } })
  const store = await openStore(values.database ?? process.env['CASHDESK_DATABASE_URL'] ?? 'sqlite:./data/cashdesk.db', {
    data_keys: 'not needed',
    existing: true,
    migrations: 'refuse',
  })
  try {
    // Whoever reads the file may read every order: it is the owner's alone.
    const out = values.out === undefined ? process.stdout : createWriteStream(values.out, { flags: 'wx', mode: 0o600 })
    const counts = await store.exportTo(
      (text) => new Promise((resolve, reject) => out.write(text, (error) => (error ? reject(error) : resolve()))),
    )
    if (values.out !== undefined) await finished(out.end())
    console.error(`exported  已导出: ${countsText(counts)}`)
    return 0
  } finally {
    await store.close()
  }
}

export async function importDatabase(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options: { database: { type: 'string' }, in: { type: 'string' } } })
  if (values.database === undefined) {
    console.error(TRANSFER_USAGE)
    return 2
  }
  const from = values.in === undefined ? process.stdin : createReadStream(values.in)
  const store = await openStore(values.database, { data_keys: 'not needed' })
  try {
    const counts = await store.importFrom(from.setEncoding('utf8'))
    console.log(`imported  已导入: ${countsText(counts)}`)
    // What fell due while it was carried over was not forgotten.
    return printViolations(await store.audit(0))
  } finally {
    await store.close()
  }
}

function countsText(counts: Counts): string {
  return Object.entries(counts)
    .map(([table, count]) => `${table} ${count}`)
    .join(', ')
}

// Exports a whole database as lines, in batches, so that memory use does not grow with the database.

import { createHash } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Tables } from '../schema.ts'
import { type FirstLine, FORMAT, type LastLine, type RowLine } from './lines.ts'
import { schemaOf } from './schema-of.ts'
import { type Counts, TABLES, type Table } from './tables.ts'

const BATCH = 500

/** `write` is called again only after its promise has resolved. Call it inside a transaction with a single snapshot. */
export async function exportAll(
  db: Kysely<Tables>,
  about: { engine: FirstLine['engine']; now: number },
  write: (text: string) => Promise<void>,
): Promise<Counts> {
  const hash = createHash('sha256')
  const put = async (text: string): Promise<void> => {
    hash.update(text)
    await write(text)
  }
  const first: FirstLine = {
    cashdesk_export: FORMAT,
    schema: await schemaOf(db),
    engine: about.engine,
    exported_at: new Date(about.now).toISOString(),
  }
  await put(`${JSON.stringify(first)}\n`)
  const counts = {} as Counts
  for (const table of TABLES) counts[table] = await exportTable(db, table, put)
  const last: LastLine = { rows: counts, sha256: hash.digest('hex') }
  await write(`${JSON.stringify(last)}\n`)
  return counts
}

/** The number of rows in each table. */
export async function countAll(db: Kysely<Tables>): Promise<Counts> {
  const counts = {} as Counts
  for (const table of TABLES) {
    const { n } = await db
      .selectFrom(table)
      .select((e) => e.fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow()
    counts[table] = Number(n)
  }
  return counts
}

async function exportTable(db: Kysely<Tables>, table: Table, put: (text: string) => Promise<void>): Promise<number> {
  let count = 0
  let text = ''
  for await (const row of db.selectFrom(table).selectAll().stream(BATCH)) {
    text += `${JSON.stringify({ table, row } satisfies RowLine)}\n`
    count++
    if (count % BATCH > 0) continue
    await put(text)
    text = ''
  }
  if (text !== '') await put(text)
  return count
}

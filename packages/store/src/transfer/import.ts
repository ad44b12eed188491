// Imports an export into an empty database, in one transaction: a file that turns out to be cut or changed leaves nothing behind.
// The schema's triggers stay active: they forbid changes of rows, not new rows. Every CHECK and key is tested for every row.

import { createHash } from 'node:crypto'
import { CompiledQuery, type Kysely } from 'kysely'
import { StoreError } from '../port/error.ts'
import type { Tables } from '../schema.ts'
import { type FirstLine, FORMAT, type LastLine, linesOf, type RowLine } from './lines.ts'
import { schemaOf } from './schema-of.ts'
import { type Counts, TABLES, type Table } from './tables.ts'

const BATCH = 500

/** Builds a statement that writes the rows of a JSON array, its only parameter. */
export type InsertText = (table: string, columns: readonly string[]) => string

/** Imports all rows. Returns how many each table has. @throws StoreError STORE_IMPORT, and then the transaction must not be committed */
export async function importAll(db: Kysely<Tables>, insertText: InsertText, chunks: AsyncIterable<string>): Promise<Counts> {
  await mustBeEmpty(db)
  const lines = linesOf(chunks)
  const hash = createHash('sha256')
  const first = await lines.next()
  checkFirst(first.done ? '' : first.value, await schemaOf(db))
  hash.update(`${first.value}\n`)
  const counts = Object.fromEntries(TABLES.map((table) => [table, 0])) as Counts
  let last: LastLine | undefined
  let batch: RowLine[] = []
  for await (const line of lines) {
    if (last) throw spoilt('there are lines after the last one')
    const read = parse(line)
    if (isLast(read)) {
      last = read
      continue
    }
    hash.update(`${line}\n`)
    const [before] = batch
    if (batch.length >= BATCH || (before && before.table !== read.table)) {
      await insert(db, insertText, batch)
      batch = []
    }
    batch.push(read)
    if (isOurs(read.table)) counts[read.table]++
    else throw spoilt(`no table is called ${JSON.stringify(read.table)}`)
  }
  if (!last) throw spoilt('its last line is missing: it was cut')
  if (last.sha256 !== hash.digest('hex')) throw spoilt('its SHA-256 is another: something was changed or lost')
  await insert(db, insertText, batch)
  return counts
}

async function mustBeEmpty(db: Kysely<Tables>): Promise<void> {
  const full: string[] = []
  for (const table of TABLES) {
    const { rows } = await db.executeQuery(CompiledQuery.raw(`SELECT 1 FROM ${table} LIMIT 1`))
    if (rows.length > 0) full.push(table)
  }
  if (full.length > 0) {
    throw new StoreError(
      'STORE_IMPORT',
      `The database is not empty (${full.join(', ')}); nothing was written. Import into a new one, before a server has used it.\n数据库不是空的，未写入任何内容。请导入到服务尚未使用过的新数据库。`,
    )
  }
}

function checkFirst(line: string, schema: string): void {
  const first = parse(line) as unknown as Partial<FirstLine>
  if (first.cashdesk_export !== FORMAT) throw spoilt(`it does not begin as an export of form ${FORMAT} does`)
  if (first.schema === schema) return
  throw new StoreError(
    'STORE_IMPORT',
    `The export is of schema ${first.schema}, this Cashdesk has ${schema}; nothing was written. Export and import with the same version.\n导出文件与当前版本的数据结构不同，未写入任何内容。请用同一版本导出和导入。`,
  )
}

function parse(line: string): RowLine | LastLine {
  try {
    const value: unknown = JSON.parse(line)
    // The cast is checked later: each field where it is used, and the SHA-256 shows whether the lines are those that were written.
    if (typeof value === 'object' && value !== null) return value as RowLine | LastLine
  } catch {}
  throw spoilt('a line is not a JSON object')
}

function isLast(line: RowLine | LastLine): line is LastLine {
  return 'sha256' in line
}

function isOurs(table: string): table is Table {
  return (TABLES as readonly string[]).includes(table)
}

async function insert(db: Kysely<Tables>, insertText: InsertText, batch: readonly RowLine[]): Promise<void> {
  const [first] = batch
  if (!first) return
  const columns = Object.keys(first.row)
  // The names become part of a statement, so only harmless ones are accepted.
  for (const column of columns) if (!/^[a-z_]+$/.test(column)) throw spoilt('a column has an impossible name')
  const rows = JSON.stringify(batch.map(({ row }) => row))
  await db.executeQuery(CompiledQuery.raw(insertText(first.table, columns), [rows])).catch((cause: unknown) => {
    throw spoilt(`the database refused a row of ${first.table} (${cause instanceof Error ? cause.message : cause})`, { cause })
  })
}

function spoilt(why: string, options?: ErrorOptions): StoreError {
  return new StoreError(
    'STORE_IMPORT',
    `The export cannot be used: ${why}. Nothing was written; export again.\n导出文件不完整或已被改动，未写入任何内容。请重新导出。`,
    options,
  )
}

// Inserts many rows with few statements: blocks of fixed sizes, each compiled once.

import { type CompiledQuery, type Kysely, sql } from 'kysely'
import type { Tables } from '../../schema.ts'

/** Rows of one statement, largest first. Any number of rows is a sum of these. */
const BLOCKS = [256, 64, 16, 4, 1] as const

export type Inserting<Row> = (rows: readonly Row[]) => Promise<void>

/** `columns` in the order in which `values` gives them. */
export function inserting<Row>(
  db: Kysely<Tables>,
  table: keyof Tables,
  columns: readonly string[],
  values: (row: Row) => readonly unknown[],
): Inserting<Row> {
  const compiled = new Map<number, CompiledQuery>()
  const of = (count: number): CompiledQuery => {
    const known = compiled.get(count)
    if (known) return known
    const row = sql`(${sql.join(columns.map(() => null))})`
    const made = sql`INSERT INTO ${sql.table(table)} (${sql.join(columns.map((one) => sql.ref(one)))}) VALUES ${sql.join(Array.from({ length: count }, () => row))}`
    const query = made.compile(db)
    compiled.set(count, query)
    return query
  }
  return async (rows) => {
    let at = 0
    for (const size of BLOCKS) {
      for (; rows.length - at >= size; at += size) {
        await db.executeQuery({ ...of(size), parameters: rows.slice(at, at + size).flatMap(values) })
      }
    }
  }
}

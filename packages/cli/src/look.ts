// Prints a page of the server's data: a table for people, or JSON for programs, one object per line.

import type { CashdeskClient } from '@cashdesk/contract'
import type { Talk } from './command/declaration.ts'
import { connected, type Where } from './connect.ts'
import { refused } from './options.ts'
import { table } from './table.ts'

export interface Look<T> {
  head: readonly string[]
  row(one: T): string[]
  ask(client: CashdeskClient): Promise<{ data: T[]; next: string | null }>
}

/** Resolves with the exit code. */
export async function look<T>(options: Where & { json: boolean }, { head, row, ask }: Look<T>, { say }: Talk): Promise<number> {
  const { data, next } = await connected(options, say, ask)
  if (options.json) for (const one of data) console.log(JSON.stringify(one))
  else {
    console.log(table(head, data.map(row)))
    if (next !== null) console.log(`\n--after ${next}`)
  }
  return 0
}

interface Schema<T> {
  safeParse(
    value: unknown,
  ): { success: true; data: T } | { success: false; error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] } }
}

/** The query of a page, checked before it is sent. Absent options are left out. @throws UsageError that names what is wrong */
export function queryOf<T>(schema: Schema<T>, options: Record<string, string | undefined>): T {
  const query = schema.safeParse(Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)))
  if (query.success) return query.data
  throw refused(query.error.issues)
}

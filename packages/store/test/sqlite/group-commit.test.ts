// A batch is answered when the log is on the disk, and not before (decision 0017).

import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { groupCommit } from '../../src/dialects/group-commit.ts'

function aDatabase(): DatabaseSync {
  const database = new DatabaseSync(':memory:')
  database.exec('CREATE TABLE numbers (n INTEGER PRIMARY KEY) STRICT')
  return database
}

test('a write is answered after the sync, and what comes meanwhile waits for the sync after it', async () => {
  const database = aDatabase()
  const syncs: PromiseWithResolvers<void>[] = []
  const { transact } = groupCommit(database, {
    sync() {
      const next = Promise.withResolvers<void>()
      syncs.push(next)
      return next.promise
    },
    close: async () => {},
  })
  const answered: string[] = []
  const insert = (n: number) =>
    transact(async () => database.prepare('INSERT INTO numbers VALUES (?)').run(n)).then(() => answered.push(`written ${n}`))
  const count = () =>
    transact(async () => database.prepare('SELECT count(*) AS n FROM numbers').get()?.['n']).then((n) => answered.push(`read ${n}`))

  const first = insert(1)
  await expect.poll(() => syncs.length).toBe(1)
  const [reader, second] = [count(), insert(2)]
  for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve))
  expect(answered).toEqual([])

  syncs[0]?.resolve()
  await first
  expect(answered).toEqual(['written 1'])
  await expect.poll(() => syncs.length).toBe(2)
  syncs[1]?.resolve()
  await Promise.all([reader, second])
  expect(answered).toEqual(['written 1', 'read 1', 'written 2'])

  await count()
  expect([answered.at(-1), syncs.length]).toEqual(['read 2', 2])
})

test('after a sync that failed nothing is believed until a restart, also when the next sync would succeed', async () => {
  const database = aDatabase()
  const faults = [new Error('EIO: i/o error, fdatasync')]
  const { transact } = groupCommit(database, {
    async sync() {
      const fault = faults.pop()
      if (fault) throw fault
    },
    close: async () => {},
  })
  const insert = (n: number) => transact(async () => database.prepare('INSERT INTO numbers VALUES (?)').run(n))
  const told = /The database could not write: EIO/
  expect(await insert(1).catch((error: unknown) => error)).toMatchObject({
    code: 'STORE_UNAVAILABLE',
    message: expect.stringMatching(told),
  })
  const later = await insert(2).catch((error: unknown) => error)
  expect(later).toMatchObject({ code: 'STORE_UNAVAILABLE', message: expect.stringContaining('restart Cashdesk') })
})

// Statements that are sent together: an error of any of them stops those after it, reaches the caller and leaves the connection usable.

import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { aDatabase, execute } from '../../../../test/support/database.ts'
import { type Line, lineOver } from '../../src/dialects/round-trip.ts'
import { openStore, type Store } from '../../src/index.ts'
import { random } from '../a-store.ts'
import { anOrder, NOW } from '../builders.ts'

const api = { source: 'api' } as const

describe('one line', () => {
  let url: string
  let client: pg.Client
  let line: Line
  beforeEach(async () => {
    url = await aDatabase()
    await execute(url, 'CREATE TABLE t (id BIGINT PRIMARY KEY, name TEXT)')
    client = new pg.Client({ connectionString: url })
    await client.connect()
    line = lineOver(client, () => String)
  })
  afterEach(() => client.end())
  const INSERT = 'INSERT INTO t VALUES ($1, $2)'
  const rows = () => execute(url, 'SELECT id, name FROM t ORDER BY id')

  test('what is kept is sent with the next question, in order; its answer is that of the question', async () => {
    line.keep(INSERT, [1, 'a'])
    expect(await rows()).toEqual([])
    line.keep(INSERT, [2, null])
    expect(await line.ask('SELECT id, name FROM t ORDER BY id')).toEqual({
      command: 'SELECT',
      rows: [
        { id: '1', name: 'a' },
        { id: '2', name: null },
      ],
      count: 2,
    })
    expect(await line.ask('UPDATE t SET name = $1', ['b'])).toEqual({ command: 'UPDATE', rows: [], count: 2 })
    expect(await line.ask(INSERT, [3, 'c'])).toEqual({ command: 'INSERT', rows: [], count: 1 })
  })

  test('what is forgotten is not sent', async () => {
    line.keep(INSERT, [1, 'a'])
    line.forget()
    await line.ask('SELECT 1')
    expect(await rows()).toEqual([])
  })

  test('after a failed BEGIN nothing runs, in particular not outside a transaction', async () => {
    line.keep('BEGIN ISOLATION LEVEL IMAGINARY')
    await expect(line.ask(INSERT, [1, 'a'])).rejects.toMatchObject({ code: '42601' })
    expect(await rows()).toEqual([])
  })

  test('after a failed write neither the next one runs nor the COMMIT', async () => {
    await line.ask(INSERT, [1, 'a'])
    line.keep('BEGIN')
    line.keep(INSERT, [2, 'b'])
    line.keep(INSERT, [1, 'again'])
    line.keep(INSERT, [3, 'c'])
    await expect(line.ask('COMMIT')).rejects.toMatchObject({ code: '23505' })
    expect(await line.ask('ROLLBACK')).toMatchObject({ command: 'ROLLBACK' })
    expect(await rows()).toEqual([{ id: '1', name: 'a' }])
    // Some of these statements were prepared in the failed round trip, others were not.
    line.keep('BEGIN')
    line.keep(INSERT, [2, 'b'])
    expect(await line.ask('COMMIT')).toMatchObject({ command: 'COMMIT' })
    expect(await rows()).toHaveLength(2)
  })

  test('a table that gets a column fails one question, and the next one sees the column', async () => {
    await line.ask(INSERT, [1, 'a'])
    const question = () => line.ask('SELECT * FROM t')
    await question()
    await execute(url, 'ALTER TABLE t ADD COLUMN more BIGINT DEFAULT 7')
    await expect(question()).rejects.toMatchObject({ code: '0A000' })
    expect((await question()).rows).toEqual([{ id: '1', name: 'a', more: '7' }])
  })

  test('a parameter without a text form is refused before anything is sent', async () => {
    expect(() => line.ask(INSERT, [1, { a: 1 }])).toThrow(TypeError)
    await line.ask(INSERT, [1, 'a'])
    expect(await rows()).toHaveLength(1)
  })
})

describe('a transaction', () => {
  let url: string
  let store: Store
  beforeEach(async () => {
    url = await aDatabase()
    store = await openStore(`${url}&pool_max=1`, { now: () => NOW, random })
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await store.close()
  })

  const refuseHistory = (body: string): Promise<unknown> =>
    execute(
      url,
      `CREATE SEQUENCE tries; CREATE FUNCTION trouble() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${body} RETURN NEW; END $$;
       CREATE TRIGGER trouble BEFORE INSERT ON order_history FOR EACH ROW EXECUTE FUNCTION trouble()`,
    )

  test('with a write that fails, although nobody waited for it, is rolled back and rejects', async () => {
    await refuseHistory("RAISE EXCEPTION 'no';")
    const inserted = store.transaction((tx) => tx.orders.insert(anOrder(), null, api))
    await expect(inserted).rejects.toMatchObject({ code: 'STORE_CONSTRAINT' })
    expect(await store.transaction((tx) => tx.orders.find('shop', 'ORDER-0001'))).toBeUndefined()
  })

  test('that lost against another one in such a write is repeated as a whole', async () => {
    await refuseHistory("IF nextval('tries') = 1 THEN RAISE EXCEPTION SQLSTATE '40001'; END IF;")
    let runs = 0
    const inserted = store.transaction((tx) => {
      runs++
      return tx.orders.insert(anOrder(), null, api)
    })
    expect(await inserted).toBe('inserted')
    expect(runs).toBe(2)
    expect(await store.transaction((tx) => tx.orders.history('shop', 'ORDER-0001'))).toHaveLength(1)
  })

  test('in which an error was swallowed is not reported as committed', async () => {
    await refuseHistory("RAISE EXCEPTION 'no';")
    const swallowing = store.transaction(async (tx) => {
      await tx.orders.insert(anOrder(), null, api)
      await tx.orders.find('shop', 'ORDER-0001').catch(() => undefined)
    })
    await expect(swallowing).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    expect(await store.transaction((tx) => tx.orders.find('shop', 'ORDER-0001'))).toBeUndefined()
  })

  test('that cannot be rolled back takes its connection along', async () => {
    const parse = pg.Connection.prototype.parse
    vi.spyOn(pg.Connection.prototype, 'parse').mockImplementation(function (this: pg.Connection, query, more) {
      return parse.call(this, { ...query, text: query.text.replace('ROLLBACK', 'NONSENSE') }, more)
    })
    const failing = store.transaction(async (tx) => {
      await tx.orders.insert(anOrder(), null, api)
      throw new RangeError('mine')
    })
    await expect(failing).rejects.toThrow(RangeError)
    expect(await store.transaction((tx) => tx.orders.find('shop', 'ORDER-0001'))).toBeUndefined()
  })
})

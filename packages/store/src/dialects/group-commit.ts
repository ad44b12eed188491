// Transactions that wait at the same moment share one commit and one sync of the disk: each runs in a savepoint of one outer
// transaction, and none resolves before the outer one is durable. SQLite commits without a sync (synchronous = NORMAL); then the
// log is synced in libuv's pool, because a sync on this thread would block the event loop for as long as the disk takes. The
// next batch begins only after the sync, so no transaction can see a commit that a power failure could undo (decision 0017).

import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { StoreError } from '../port/error.ts'
import type { Lane } from '../port/store.ts'
import type { WalFile } from './wal-file.ts'

/** At most so many in one commit, so that the first does not wait too long. */
const BATCH_MAX = 64

interface Waiting {
  /** `performance.now()` when it was queued. */
  since: number
  /** Runs the work. The returned function resolves its caller's promise; it is called once the commit is durable. */
  run(): Promise<() => void>
  fail(error: unknown): void
}

export interface GroupCommit {
  transact<T>(work: () => Promise<T>, lane?: Lane): Promise<T>
  /** Runs `act` while no transaction is open, before the next begins. */
  between<T>(act: () => T): Promise<T>
  /** Milliseconds that the longest waiting ordinary transaction has waited to begin. */
  backlog_ms(): number
}

export function groupCommit(database: DatabaseSync, wal: WalFile): GroupCommit {
  const commitTogether = committing(database, wal)
  const waiting: Record<Lane, Waiting[]> = { reserved: [], ordinary: [] }
  const next = (): Waiting[] => {
    const first = waiting.reserved.splice(0, BATCH_MAX)
    return [...first, ...waiting.ordinary.splice(0, BATCH_MAX - first.length)]
  }
  const acts: (() => void)[] = []
  let running = false

  const pump = async (): Promise<void> => {
    if (running) return
    running = true
    try {
      do {
        // Requests that have already arrived are read first, so that their transactions share the next commit.
        await turn()
        for (const act of acts.splice(0)) act()
        const batch = next()
        if (batch.length > 0) await commitTogether(batch)
      } while (waiting.reserved.length + waiting.ordinary.length + acts.length > 0)
    } finally {
      running = false
    }
  }

  return {
    transact: <T>(work: () => Promise<T>, lane: Lane = 'ordinary') =>
      new Promise<T>((resolve, reject) => {
        waiting[lane].push({
          since: performance.now(),
          async run() {
            const value = await work()
            return () => resolve(value)
          },
          fail: reject,
        })
        void pump()
      }),
    between: <T>(act: () => T) =>
      new Promise<T>((resolve, reject) => {
        acts.push(() => {
          try {
            resolve(act())
          } catch (error) {
            reject(unavailable(error))
          }
        })
        void pump()
      }),
    backlog_ms() {
      const [oldest] = waiting.ordinary
      return oldest ? performance.now() - oldest.since : 0
    },
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** The statements that begin and end transactions, prepared once. */
type Marks = Record<'begin' | 'commit' | 'savepoint' | 'release' | 'changes', StatementSync>

function marksOf(database: DatabaseSync): Marks {
  return {
    begin: database.prepare('BEGIN IMMEDIATE'),
    commit: database.prepare('COMMIT'),
    savepoint: database.prepare('SAVEPOINT one'),
    release: database.prepare('RELEASE one'),
    changes: database.prepare('SELECT total_changes() AS total'),
  }
}

/** Settles every transaction of a batch. Never rejects. */
function committing(database: DatabaseSync, wal: WalFile): (batch: readonly Waiting[]) => Promise<void> {
  const marks = marksOf(database)
  const changes = (): number => Number(marks.changes.get()?.['total'])
  let unsynced: Error | undefined

  const commit = async (batch: readonly Waiting[]): Promise<(() => void)[]> => {
    // After a failed sync the kernel may drop what it could not write and report success for the next sync. Only a restart reads what is really on disk.
    if (unsynced) throw new Error('an earlier write did not reach the disk; restart Cashdesk', { cause: unsynced })
    const answers: (() => void)[] = []
    const before = changes()
    marks.begin.run()
    for (const one of batch) answers.push(await inSavepoint(database, marks, one))
    marks.commit.run()
    if (changes() !== before) await wal.sync().catch(fail)
    return answers
  }
  const fail = (error: Error): never => {
    unsynced = error
    throw error
  }

  return async (batch) => {
    try {
      for (const answer of await commit(batch)) answer()
    } catch (cause) {
      if (database.isOpen && database.isTransaction) database.exec('ROLLBACK')
      for (const one of batch) one.fail(unavailable(cause))
    }
  }
}

/** A failing transaction is rolled back alone. An error that ended the outer transaction too (a full disk) fails the whole batch. */
async function inSavepoint(database: DatabaseSync, marks: Marks, one: Waiting): Promise<() => void> {
  marks.savepoint.run()
  try {
    const answer = await one.run()
    marks.release.run()
    return answer
  } catch (error) {
    if (!database.isOpen || !database.isTransaction) throw error
    database.exec('ROLLBACK TO one; RELEASE one')
    return () => one.fail(isSqliteError(error) ? refused(error) : error)
  }
}

function unavailable(cause: unknown): StoreError {
  return new StoreError('STORE_UNAVAILABLE', `The database could not write: ${cause instanceof Error ? cause.message : cause}`, { cause })
}

/** Primary result codes of SQLite that are caused by the statement, not by the disk. */
const TOO_BIG = 18
const CONSTRAINT = 19
const MISMATCH = 20

function refused(error: unknown): StoreError {
  const code = Number((error as { errcode?: unknown }).errcode) & 0xff
  const message = `The database refused it: ${error instanceof Error ? error.message : error}`
  if (code === CONSTRAINT) return new StoreError('STORE_CONSTRAINT', message, { cause: error })
  if (code === TOO_BIG || code === MISMATCH) return new StoreError('STORE_INPUT', message, { cause: error })
  return unavailable(error)
}

function isSqliteError(error: unknown): boolean {
  return (error as { code?: unknown } | undefined)?.code === 'ERR_SQLITE_ERROR'
}

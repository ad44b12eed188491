// Copies a SQLite database while it is in use. After a checkpoint the main file does not change until the next one, because
// commits go to the WAL. So it can be copied as it is, and transactions wait only for the checkpoint. Another process makes
// the copy, because POSIX locks belong to a process: if this one closed a second descriptor of the file, it would lose the
// lock that keeps a second server out. The other process also reads the whole copy, which would block this one.

import { fork } from 'node:child_process'
import { StoreError } from '../port/error.ts'
import type { BackupManifest } from '../port/store.ts'

export interface CopyOrder {
  from: string
  to: string
  /** Epoch milliseconds. */
  now: number
}

export type CopyAnswer = { manifest: BackupManifest } | { error: string }

const PROCESS = new URL(import.meta.url.endsWith('.ts') ? './copy-process.ts' : './copy-process.js', import.meta.url)

/** Copies, checks and audits the database in a child process. @throws StoreError STORE_BACKUP, and then there is no file at `to` */
export function copyInAnotherProcess(order: CopyOrder): Promise<BackupManifest> {
  return new Promise((resolve, reject) => {
    const child = fork(PROCESS, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    let answer: CopyAnswer | undefined
    child.once('message', (message) => {
      answer = message as CopyAnswer
    })
    child.once('error', (cause) => reject(failed(cause.message)))
    child.once('exit', (code) => {
      if (answer && 'manifest' in answer) resolve(answer.manifest)
      else reject(failed(answer?.error ?? `the copying process ended with ${code}`))
    })
    child.send(order)
  })
}

function failed(why: string): StoreError {
  return new StoreError('STORE_BACKUP', `The backup could not be made: ${why}. Nothing was kept of it.\n备份失败，未保留任何文件。`)
}

// Who may receive shares. Receivers are added beforehand, per initiator and sub-merchant; adding one again changes nothing (v3-endpoints §6).

import type { ReceiverType } from '@cashdesk/protocol/spec'
import type { Journal } from '../kept/journal.ts'
import type { Part } from '../kept/part.ts'

export interface ReceiverKey {
  mchid: string
  sub_mchid?: string | undefined
  type: ReceiverType
  account: string
}

export interface Receivers extends Part<readonly string[]> {
  add(key: ReceiverKey): void
  remove(key: ReceiverKey): void
  has(key: ReceiverKey): boolean
}

export function createReceivers(journal: Journal): Receivers {
  const keys = new Set<string>()
  return {
    add(key) {
      keys.add(textOf(key))
      journal.put('receivers', textOf(key))
    },
    remove(key) {
      keys.delete(textOf(key))
      journal.remove('receivers', textOf(key))
    },
    has: (key) => keys.has(textOf(key)),
    save: () => [...keys],
    restore(saved) {
      keys.clear()
      for (const key of saved) keys.add(key)
    },
    reset: () => keys.clear(),
  }
}

function textOf({ mchid, sub_mchid, type, account }: ReceiverKey): string {
  return `${mchid}/${sub_mchid ?? ''}/${type}/${account}`
}

// Holds a state as named records, so that changes can be applied one by one.

import { type Change, KINDS, type Kind, nameOf, SETTING } from './journal.ts'
import { type Kept, type PlatformState, SETTINGS, STATE_VERSION } from './state.ts'

export interface StateRecords {
  /** Applies changes. @throws TypeError on a kind of record that this version does not know */
  apply(changes: readonly Change[]): void
  state(): PlatformState
}

export function recordsOf(state: PlatformState): StateRecords {
  const tables = new Map<string, Map<string, unknown>>(KINDS.map((kind) => [kind, tableOf(kind, state[kind])]))
  const settings = new Map<string, unknown>(SETTINGS.map((name) => [name, state[name]]))
  return {
    apply(changes) {
      for (const [kind, name, value] of changes) {
        const table = tables.get(kind)
        if (kind === SETTING && settings.has(name)) settings.set(name, value)
        else if (!table) throw new TypeError(`no such kind of record: ${kind === SETTING ? name : kind}`)
        else if (value === undefined) table.delete(name)
        else table.set(name, value)
      }
    },
    state: () => stateOf(tables, settings),
  }
}

function tableOf(kind: Kind, list: readonly unknown[]): Map<string, unknown> {
  return new Map(list.map((record) => [nameOf(kind, record), record]))
}

/** Turns the tables back into a state. The records have the shape of their kind, because only the emulator writes changes and the version names the format. */
function stateOf(tables: ReadonlyMap<string, ReadonlyMap<string, unknown>>, settings: ReadonlyMap<string, unknown>): PlatformState {
  const all: unknown = Object.fromEntries([...settings, ...[...tables].map(([kind, table]) => [kind, [...table.values()]] as const)])
  const state = all as Kept
  return { version: STATE_VERSION, ...state, tasks: [...state.tasks].sort((a, b) => a.at - b.at) }
}

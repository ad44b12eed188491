// Registers every part of the platform once. Saving, restoring and resetting go through all of them, so none can be forgotten.

import type { Part, Passing } from './part.ts'
import { type Kept, type PlatformState, SETTINGS, type Setting, STATE_VERSION } from './state.ts'

/** The compiler requires a part for each name of the state, and a name for each part. Parts are restored in this order. */
export type Parts = { readonly [Name in keyof Kept]: Part<Kept[Name]> }

export interface Registry extends Part<PlatformState> {
  /** The values that are compared as a whole instead of being reported as changes: see `Keeper.settings`. */
  settings(): Pick<Kept, Setting>
}

export function keepParts(parts: Parts, passing: readonly Passing[]): Registry {
  // Each part saves and restores only the value under its own name.
  const all = Object.entries(parts) as [keyof Kept, Part<unknown>][]
  const saved = (names: readonly (keyof Kept)[]): unknown => Object.fromEntries(names.map((name) => [name, parts[name].save()]))
  return {
    save: () => ({ version: STATE_VERSION, ...(saved(all.map(([name]) => name)) as Kept) }),
    restore(state) {
      for (const [name, part] of all) part.restore(state[name])
    },
    reset() {
      for (const part of [...all.map(([, part]) => part), ...passing]) part.reset()
    },
    settings: () => saved(SETTINGS) as Pick<Kept, Setting>,
  }
}

// Every part of the platform, registered once: what saves, restores and resets goes through all of them, so none can be forgotten.

import type { Part, Passing } from './part.ts'
import { type Kept, type PlatformState, SETTINGS, type Setting, STATE_VERSION } from './state.ts'

/** A name of the state without a part does not compile, nor does a part without a name. They are restored in this order. */
export type Parts = { readonly [Name in keyof Kept]: Part<Kept[Name]> }

export interface Registry extends Part<PlatformState> {
  /** What is compared as a whole instead of being noted: see `Keeper.settings`. */
  settings(): Pick<Kept, Setting>
}

export function keepParts(parts: Parts, passing: readonly Passing[]): Registry {
  // A part gives and takes what its own name holds.
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

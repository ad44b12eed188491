// One part of the kept state. Every module with state is a part and is registered once: see `keepParts`.

/** `Saved` must be data that survives a round trip through JSON. */
export interface Part<Saved> {
  save(): Saved
  /** Takes the result of `save`. The part must be empty before. */
  restore(saved: Saved): void
  /** Forgets everything that happened. */
  reset(): void
}

/** State that a restart may lose: codes, tokens, files, recorded requests. */
export type Passing = Pick<Part<never>, 'reset'>

/** A part that saves a map with its keys and values. */
export function mapPart<Value>(map: Map<string, Value>): Part<Readonly<Record<string, Value>>> {
  return {
    save: () => Object.fromEntries(map),
    restore(saved) {
      for (const [key, value] of Object.entries(saved)) map.set(key, value)
    },
    reset: () => map.clear(),
  }
}

/** A part with what a person set. A reset leaves it unchanged. */
export function lastingPart<Saved>(save: () => Saved, restore: (saved: Saved) => void): Part<Saved> {
  return { save, restore, reset: () => undefined }
}

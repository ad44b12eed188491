// One part of what the platform keeps. Whoever has state is a part, and is registered once: see `keepParts`.

/** `Saved` is data as JSON gives it back. */
export interface Part<Saved> {
  save(): Saved
  /** What `save` gave, into a part to which nothing has happened yet. */
  restore(saved: Saved): void
  /** Forgets what happened. */
  reset(): void
}

/** State that a restart may lose: codes, tokens, files, what was seen. */
export type Passing = Pick<Part<never>, 'reset'>

/** A map whose keys and values are kept as they are. */
export function mapPart<Value>(map: Map<string, Value>): Part<Readonly<Record<string, Value>>> {
  return {
    save: () => Object.fromEntries(map),
    restore(saved) {
      for (const [key, value] of Object.entries(saved)) map.set(key, value)
    },
    reset: () => map.clear(),
  }
}

/** What a person set and a reset leaves as it is. */
export function lastingPart<Saved>(save: () => Saved, restore: (saved: Saved) => void): Part<Saved> {
  return { save, restore, reset: () => undefined }
}

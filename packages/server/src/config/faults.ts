// Collects the faults of a configuration. Each says where it is, in which file, and what to do, in both languages. No fault contains a value.

export interface Faults {
  /** Adds a fault at a path. It is ignored where the file of that field could not be read, because that fault explains it. */
  add(path: readonly PropertyKey[], en: string, zh: string): void
  /** Notes that the text at that place came from a file. */
  fromFile(place: string, file: string): void
  /** Adds the fault that the file for that place could not be read. */
  unread(place: string, en: string, zh: string): void
  /** All faults, one line each; merchants are named by their ids in `raw`. */
  all(raw: unknown): string[]
}

export function faultList(): Faults {
  const found: { place: string; en: string; zh: string }[] = []
  const files = new Map<string, string>()
  const unread = new Set<string>()
  return {
    add(path, en, zh) {
      const place = path.map(String).join('.')
      if (!unread.has(place)) found.push({ place, en, zh })
    },
    fromFile: (place, file) => void files.set(place, file),
    unread(place, en, zh) {
      found.push({ place: `${place}_file`, en, zh })
      unread.add(place)
    },
    all(raw) {
      const lines = found.map(({ place, en, zh }) => {
        const file = files.get(place)
        const text = en === zh || en.includes(' · ') ? en : `${en} · ${zh}`
        return `${named(place, raw) || '(top)'}${file === undefined ? '' : ` (${file})`}: ${text}`
      })
      return [...new Set(lines)]
    },
  }
}

/** Shows `merchants.0.serial_no` as `merchants.shop.serial_no`. */
function named(place: string, raw: unknown): string {
  return place.replace(/^merchants\.([0-9]+)/, (whole, index: string) => {
    const { merchants } = (raw ?? {}) as { merchants?: unknown }
    const one: unknown = Array.isArray(merchants) ? merchants[Number(index)] : undefined
    const { id } = (one ?? {}) as { id?: unknown }
    return typeof id === 'string' && /^[a-z0-9_-]{1,32}$/.test(id) ? `merchants.${id}` : whole
  })
}

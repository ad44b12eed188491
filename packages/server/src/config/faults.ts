// What is wrong with a configuration, collected: each fault says where it is, in which file, and what to do, in both languages. No value appears in it.

export interface Faults {
  /** At a place in the configuration. A fault of a file that could not be read stands for all others of that field. */
  add(path: readonly PropertyKey[], en: string, zh: string): void
  /** The text at that place came from a file. */
  fromFile(place: string, file: string): void
  /** It should have, and could not be read. */
  unread(place: string, en: string, zh: string): void
  /** One line a fault; `raw` knows what merchants are called. */
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

/** `merchants.0.serial_no` is told as `merchants.shop.serial_no`. */
function named(place: string, raw: unknown): string {
  return place.replace(/^merchants\.([0-9]+)/, (whole, index: string) => {
    const { merchants } = (raw ?? {}) as { merchants?: unknown }
    const one: unknown = Array.isArray(merchants) ? merchants[Number(index)] : undefined
    const { id } = (one ?? {}) as { id?: unknown }
    return typeof id === 'string' && /^[a-z0-9_-]{1,32}$/.test(id) ? `merchants.${id}` : whole
  })
}

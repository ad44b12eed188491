// WeChat writes times as RFC 3339 at Beijing's offset (v3-protocol §1). China has had no daylight saving since 1991.

const BEIJING_OFFSET_MS = 8 * 60 * 60 * 1000

/** Epoch milliseconds as `2026-11-24T18:30:00+08:00`. */
export function beijingTime(ms: number): string {
  return `${new Date(ms + BEIJING_OFFSET_MS).toISOString().slice(0, 19)}+08:00`
}

// A day in Beijing as an interval. China has had no daylight saving since 1991.

const DAY_MS = 24 * 60 * 60 * 1000

/** Epoch milliseconds: `from` inclusive, `to` exclusive. @throws RangeError when there is no such day */
export function dayOf(date: string): { from: number; to: number } {
  const from = /^\d{4}-\d\d-\d\d$/.test(date) ? Date.parse(`${date}T00:00:00+08:00`) : Number.NaN
  if (Number.isNaN(from) || !new Date(from + 8 * 60 * 60 * 1000).toISOString().startsWith(date))
    throw new RangeError(`not a day of the form YYYY-MM-DD: ${date.slice(0, 20)}`)
  return { from, to: from + DAY_MS }
}

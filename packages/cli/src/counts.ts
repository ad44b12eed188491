import type { Counts } from '@cashdesk/store'

/** `orders 12, refunds 1, …` */
export function countsText(counts: Counts): string {
  return Object.entries(counts)
    .map(([table, count]) => `${table} ${count}`)
    .join(', ')
}

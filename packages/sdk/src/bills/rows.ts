// A bill as batches of typed rows, in constant memory. Nothing of it may be believed before the loop has ended: only then are the hash of the file, its
// counts and its sums known to be right.

import type { BillReader } from '@cashdesk/protocol'

/**
 * `for await (const rows of bill)`, some hundred rows at a time. Each loop applies for the bill and downloads it anew. Write the rows in one transaction, or
 * aside, and keep them when the loop has ended well: an error, as of a wrong hash, comes from the loop, at its end at the latest.
 */
export interface BillRows<Row, Summary> extends AsyncIterable<Row[]> {
  /** The totals of the file. Undefined until the loop has ended well. */
  readonly summary: Summary | undefined
}

export function billRows<Row, Summary>(
  chunks: () => AsyncIterable<Uint8Array>,
  readerOf: () => BillReader<Row, Summary>,
): BillRows<Row, Summary> {
  let summary: Summary | undefined
  return {
    get summary() {
      return summary
    },
    async *[Symbol.asyncIterator]() {
      summary = undefined
      const reader = readerOf()
      yield* rowsFrom(chunks(), reader)
      summary = reader.end()
    },
  }
}

async function* rowsFrom<Row>(chunks: AsyncIterable<Uint8Array>, reader: BillReader<Row, unknown>): AsyncGenerator<Row[]> {
  let refused: unknown
  for await (const chunk of chunks) {
    // The rest is still read, for its hash: a file that was altered on its way is to be downloaded again, one that WeChat made so is not.
    if (refused) continue
    const rows = attempt(() => reader.push(chunk))
    if ('error' in rows) refused = rows.error
    else if (rows.value.length > 0) yield rows.value
  }
  if (refused) throw refused
}

function attempt<Value>(work: () => Value): { value: Value } | { error: unknown } {
  try {
    return { value: work() }
  } catch (error) {
    return { error }
  }
}

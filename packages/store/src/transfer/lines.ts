// The format of an export: one JSON object per line. The first line describes the export; the last has the
// number of rows and the SHA-256 of all lines before it, so that a file that was cut or changed is recognised.

export const FORMAT = 1

export interface FirstLine {
  cashdesk_export: typeof FORMAT
  /** The newest migration. The rows fit only this schema. */
  schema: string
  engine: 'sqlite' | 'postgres'
  /** RFC 3339. */
  exported_at: string
}

export interface RowLine {
  table: string
  row: Record<string, string | number | null>
}

export interface LastLine {
  rows: Record<string, number>
  /** Hexadecimal. */
  sha256: string
}

/** Splits only at \n, because a description may contain other characters that some readers treat as line ends. */
export async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}

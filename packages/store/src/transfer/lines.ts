// The form of an export: one JSON object a line. The first says what it is, the last how much there must be, with the SHA-256 of every line before it,
// so that a file that was cut or changed is known for one.

export const FORMAT = 1

export interface FirstLine {
  cashdesk_export: typeof FORMAT
  /** The newest migration: rows fit no other schema. */
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

/** Only at \n: other characters that end a line for some readers may stand in a description. */
export async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}

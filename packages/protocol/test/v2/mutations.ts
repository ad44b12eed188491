// Small damage to a text, as a careless proxy or a forger causes it.

import fc from 'fast-check'

/** One to three edits: a byte changed, removed or doubled, a piece moved, the end cut off. */
export function mutations(text: string): fc.Arbitrary<Buffer> {
  const bytes: Buffer = Buffer.from(text)
  const at = fc.nat(bytes.length - 1)
  const edit: fc.Arbitrary<(b: Buffer) => Buffer> = fc.oneof(
    fc.tuple(at, fc.integer({ min: 1, max: 255 })).map(
      ([i, x]) =>
        (b: Buffer) =>
          Buffer.from(b.map((v, j) => (j === i % b.length ? v ^ x : v))),
    ),
    fc.tuple(at, at).map(
      ([i, n]) =>
        (b: Buffer) =>
          Buffer.concat([b.subarray(0, i), b.subarray(i + (n % 40))]),
    ),
    fc.tuple(at, at).map(
      ([i, n]) =>
        (b: Buffer) =>
          Buffer.concat([b.subarray(0, i), b.subarray(i, i + (n % 40)), b.subarray(i)]),
    ),
    at.map((i) => (b: Buffer) => b.subarray(0, i)),
    fc.tuple(at, fc.constantFrom('<', '>', '&', '&x;', ']]>', '<![CDATA[', '"', '{', '</xml>', '<sign></sign>', '\u0000')).map(
      ([i, piece]) =>
        (b: Buffer) =>
          Buffer.concat([b.subarray(0, i), Buffer.from(piece), b.subarray(i)]),
    ),
  )
  return fc
    .array(edit, { minLength: 1, maxLength: 3 })
    .map((edits) => edits.reduce<Buffer>((b, change) => (b.length > 0 ? change(b) : b), bytes))
}

// Converts between fen and yuan, exactly, without floats. Money is an integer count of fen; yuan exist only as text at the edges.

/** `formatYuan(105)` is `'1.05'`. */
export function formatYuan(fen: number): string {
  if (!Number.isSafeInteger(fen)) throw new TypeError(`not an integer count of fen: ${fen}`)
  const digits = String(Math.abs(fen)).padStart(3, '0')
  return `${fen < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/** `parseYuan('1.05')` is `105`. Accepts up to two decimals. @throws TypeError for any other text */
export function parseYuan(yuan: string): number {
  const match = /^(-?)([0-9]{1,13})(?:\.([0-9]{1,2}))?$/.exec(yuan)
  if (!match?.[2]) throw new TypeError(`not an amount in yuan: ${yuan.slice(0, 40)}`)
  const fen = Number(match[2]) * 100 + Number((match[3] ?? '').padEnd(2, '0'))
  return match[1] && fen !== 0 ? -fen : fen
}

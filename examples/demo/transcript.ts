// The transcript: what happened on the wire, one line at a time, with secrets masked.

const COLOUR = process.stdout.isTTY && !process.env['NO_COLOR']
const paint = (code: number, text: string): string => (COLOUR ? `\u001b[${code}m${text}\u001b[0m` : text)

export function title(text: string): void {
  console.log(`\n${paint(1, text)}`)
}

/** `who → whom   what    facts` */
export function line(way: string, what: string, facts = ''): void {
  console.log(`  ${paint(36, pad(way, 22))} ${pad(what, 24)} ${paint(2, facts)}`)
}

export function good(text: string): void {
  console.log(`  ${paint(32, '✓')} ${text}`)
}

/** Shows enough of a secret to recognise it, but not enough to use it. */
export function masked(text: string, shown = 8): string {
  return text.length <= shown ? text : `${text.slice(0, shown)}…`
}

/** Chinese characters are two columns wide. */
function pad(text: string, width: number): string {
  const columns = [...text].reduce((sum, character) => sum + (/[\u2e80-\uffef]/.test(character) ? 2 : 1), 0)
  return text + ' '.repeat(Math.max(0, width - columns))
}

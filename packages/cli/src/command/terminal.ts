// Colour and column widths on a terminal.

import { styleText } from 'node:util'

export type Style = 'bold' | 'red' | 'green' | 'dim'
export type Paint = (style: Style, text: string) => string

interface Stream {
  isTTY?: boolean
}

/** Colour only on a terminal, and not if NO_COLOR (https://no-color.org) or TERM=dumb is set. */
export function hasColour(stream: Stream, env: NodeJS.ProcessEnv = process.env): boolean {
  return stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
}

export function paintOn(stream: Stream, env: NodeJS.ProcessEnv = process.env): Paint {
  if (!hasColour(stream, env)) return (_, text) => text
  return (style, text) => styleText(style, text, { validateStream: false })
}

/** Columns that the text takes on a terminal: two for a Chinese character or full-width sign, none for a colour code. */
export function columns(text: string): number {
  const plain = text.replaceAll(COLOUR_CODE, '')
  return plain.length + (plain.match(WIDE)?.length ?? 0)
}

const COLOUR_CODE = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g')
const WIDE = /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g

export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columns(text)))
}

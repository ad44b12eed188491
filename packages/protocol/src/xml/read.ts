// A parser for the small part of XML that WeChat uses: elements, text, CDATA. No DTD, custom entities, attributes or comments, and so none of their attacks
// (v2-protocol §1).

import { MessageError } from '../errors.ts'

export interface XmlElement {
  name: string
  /** Text and CDATA in order; white space is kept. */
  text: string
  children: XmlElement[]
}

/** Far more than WeChat sends. */
const XML_BYTES_MAX: number = 256 * 1024
const DEPTH_MAX = 8
/** Limit of elements, texts, CDATA sections and entities together. The time to read a document depends on their number. */
const PARTS_MAX = 4000
/**
 * The limit before the signature was checked: WeChat's largest v2 notification has some 60 fields. Reading 384 parts takes about as long as two RSA
 * verifications.
 */
export const STRANGER_PARTS_MAX = 384

/** Characters that XML 1.0 does not allow. */
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u
/** WeChat's names begin with a letter, so `__proto__` is not accepted. */
const NAME = /[A-Za-z][A-Za-z0-9_]{0,127}/y
const SPACE = /[ \t\r\n]*/y
const DECLARATION = /<\?xml[^<>]{0,200}\?>/y
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

interface Cursor {
  readonly text: string
  at: number
  /** How many more parts may be read. */
  left: number
}

/** The root element. @throws MessageError ERR_XML_FORMAT */
export function readXml(input: Uint8Array | string, partsMax: number = PARTS_MAX): XmlElement {
  if (input.length > XML_BYTES_MAX) throw new MessageError('ERR_XML_FORMAT', { problem: 'too large' })
  const text = typeof input === 'string' ? input : decode(input)
  const cursor: Cursor = { text, at: 0, left: partsMax }
  if (FORBIDDEN.test(text)) throw bad(cursor, 'a character that XML does not allow')
  match(cursor, SPACE)
  match(cursor, DECLARATION)
  match(cursor, SPACE)
  const root = element(cursor, 1)
  match(cursor, SPACE)
  if (cursor.at !== text.length) throw bad(cursor, 'something after the root')
  return root
}

function element(cursor: Cursor, depth: number): XmlElement {
  if (depth > DEPTH_MAX) throw bad(cursor, 'too deep')
  need(cursor, '<')
  const name = match(cursor, NAME)
  if (!name) throw bad(cursor, 'not an element')
  match(cursor, SPACE)
  const found: XmlElement = { name, text: '', children: [] }
  if (accept(cursor, '/>')) return found
  need(cursor, '>')
  while (!accept(cursor, '</')) content(cursor, found, depth)
  need(cursor, name)
  match(cursor, SPACE)
  need(cursor, '>')
  if (found.children.length > 0 && found.text.trim() !== '') throw bad(cursor, 'text between elements')
  return found
}

function content(cursor: Cursor, into: XmlElement, depth: number): void {
  count(cursor)
  if (accept(cursor, '<![CDATA[')) into.text += until(cursor, ']]>')
  else if (cursor.text[cursor.at] === '<') into.children.push(element(cursor, depth + 1))
  else into.text += characters(cursor)
}

function characters(cursor: Cursor): string {
  const end = cursor.text.indexOf('<', cursor.at)
  if (end < 0) throw bad(cursor, 'an element does not end')
  let text = ''
  for (let amp = cursor.text.indexOf('&', cursor.at); amp >= 0 && amp < end; amp = cursor.text.indexOf('&', cursor.at)) {
    text += cursor.text.slice(cursor.at, amp)
    const stop = cursor.text.slice(amp, amp + ENTITY_CHARACTERS_MAX).indexOf(';')
    count(cursor)
    text += character(cursor, stop < 0 ? '' : cursor.text.slice(amp + 1, amp + stop))
    cursor.at = amp + stop + 1
  }
  text += cursor.text.slice(cursor.at, end)
  cursor.at = end
  return text
}

/** The longest entity: `&#x10FFFF;`. */
const ENTITY_CHARACTERS_MAX = 10

function count(cursor: Cursor): void {
  if (--cursor.left < 0) throw bad(cursor, 'too many elements, texts or entities')
}

/** The character of one of XML's five entities, or of a numeric one. */
function character(cursor: Cursor, name: string): string {
  const named = Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : undefined
  if (named !== undefined) return named
  const number = /^#(?:([0-9]{1,7})|x([0-9A-Fa-f]{1,6}))$/.exec(name)
  const code = number ? Number.parseInt(number[1] ?? number[2] ?? '', number[1] ? 10 : 16) : -1
  const written = code >= 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\u0000'
  if (FORBIDDEN.test(written)) throw bad(cursor, 'an entity that is not one of the five, nor a character')
  return written
}

function until(cursor: Cursor, end: string): string {
  const at = cursor.text.indexOf(end, cursor.at)
  if (at < 0) throw bad(cursor, 'CDATA does not end')
  const found = cursor.text.slice(cursor.at, at)
  cursor.at = at + end.length
  return found
}

function match(cursor: Cursor, pattern: RegExp): string {
  pattern.lastIndex = cursor.at
  const found = pattern.exec(cursor.text)?.[0] ?? ''
  cursor.at += found.length
  return found
}

function accept(cursor: Cursor, word: string): boolean {
  const found = cursor.text.startsWith(word, cursor.at)
  if (found) cursor.at += word.length
  return found
}

function need(cursor: Cursor, word: string): void {
  if (!accept(cursor, word)) throw bad(cursor, `needs ${word}`)
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new MessageError('ERR_XML_FORMAT', { problem: 'not UTF-8' })
  }
}

function bad(cursor: Cursor, problem: string): MessageError {
  return new MessageError('ERR_XML_FORMAT', { problem, at: cursor.at })
}

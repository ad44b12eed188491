// Fields as XML and back: one root, one element a field, no nesting (v2-protocol §1).

import { MessageError } from '../errors.ts'
import { readXml, type XmlElement } from './read.ts'

/** Names and texts. Has no prototype, so a name that is absent is absent. */
export type Fields = Readonly<Record<string, string>>

/** The fields under the root. A name that comes twice is refused: which one was signed could not be told. @throws MessageError ERR_XML_FORMAT */
export function readFields(input: Uint8Array | string, root = 'xml', partsMax?: number): Fields {
  const top = readXml(input, partsMax)
  if (top.name !== root) throw new MessageError('ERR_XML_FORMAT', { problem: `the root is not ${root}` })
  // An empty document may hold white space; any other text is no field.
  if (top.text.trim() !== '') throw new MessageError('ERR_XML_FORMAT', { problem: 'text instead of fields' })
  const fields: Record<string, string> = Object.create(null)
  for (const child of top.children) fields[child.name] = leaf(fields, child)
  return fields
}

function leaf(before: Fields, { name, text, children }: XmlElement): string {
  if (children.length > 0) throw new MessageError('ERR_XML_FORMAT', { problem: 'a field inside a field', field: name })
  if (name in before) throw new MessageError('ERR_XML_FORMAT', { problem: 'a field comes twice', field: name })
  return text
}

/** Characters that XML does not allow, and the carriage return, which its readers turn into a line feed. */
const UNWRITABLE = /[^\t\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u

/** The other way. Fields that are undefined are left out. @throws TypeError for names and characters that XML cannot carry */
export function formatFields(fields: Readonly<Record<string, string | number | undefined>>, root = 'xml'): string {
  const lines = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [`<${name}>${written(name, String(value))}</${name}>`],
  )
  return `<${root}>${lines.join('')}</${root}>`
}

function written(name: string, value: string): string {
  if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name)) throw new TypeError(`not a field name: ${name.slice(0, 40)}`)
  if (UNWRITABLE.test(value)) throw new TypeError(`the field ${name} holds a character that XML cannot carry`)
  if (/^[0-9]*$/.test(value)) return value
  // CDATA cannot hold its own end.
  return value.includes(']]>') ? value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;') : `<![CDATA[${value}]]>`
}

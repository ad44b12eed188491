// Fields as XML and back: one root, one element per field, no nesting (v2-protocol §1).

import { MessageError } from '../errors.ts'
import { readXml, type XmlElement } from './read.ts'

/** Names and texts. The object has no prototype, so that names such as `constructor` are undefined. */
export type Fields = Readonly<Record<string, string>>

/** The fields under the root. A repeated name is refused, because it would be unclear which value was signed. @throws MessageError ERR_XML_FORMAT */
export function readFields(input: Uint8Array | string, root = 'xml', partsMax?: number): Fields {
  const top = readXml(input, partsMax)
  if (top.name !== root) throw new MessageError('ERR_XML_FORMAT', { problem: `the root is not ${root}` })
  // An empty document may contain white space. Any other text outside the fields is refused.
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

/** Characters that XML does not allow, and the carriage return, because XML parsers turn it into a line feed. */
const UNWRITABLE = /[^\t\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u

/** Writes the fields as XML. Undefined fields are left out. @throws TypeError for names and characters that XML cannot contain */
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
  // CDATA cannot contain `]]>`.
  return value.includes(']]>') ? value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;') : `<![CDATA[${value}]]>`
}

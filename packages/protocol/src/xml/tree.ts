// XML as plain data, for nested messages: a leaf is text, a repeated name is a list.

import { readXml, type XmlElement } from './read.ts'

export type XmlValue = string | XmlTree | readonly XmlValue[]
export interface XmlTree {
  readonly [name: string]: XmlValue
}

/** The content of the root. @throws MessageError ERR_XML_FORMAT */
export function readTree(input: Uint8Array | string): XmlTree {
  return tree(readXml(input))
}

function tree({ children }: XmlElement): XmlTree {
  const lists: Record<string, XmlValue[]> = Object.create(null)
  for (const child of children) {
    const value = child.children.length > 0 ? tree(child) : child.text
    const before = lists[child.name]
    if (before) before.push(value)
    else lists[child.name] = [value]
  }
  const found: Record<string, XmlValue> = Object.create(null)
  for (const [name, [first = '', ...more]] of Object.entries(lists)) found[name] = more.length === 0 ? first : [first, ...more]
  return found
}

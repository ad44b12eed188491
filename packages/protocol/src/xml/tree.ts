// XML as plain data, for messages that nest: a leaf is text, a name that comes twice is a list.

import { readXml, type XmlElement } from './read.ts'

export type XmlValue = string | XmlTree | readonly XmlValue[]
export interface XmlTree {
  readonly [name: string]: XmlValue
}

/** What is under the root. @throws MessageError ERR_XML_FORMAT */
export function readTree(input: Uint8Array | string): XmlTree {
  return tree(readXml(input))
}

function tree({ children }: XmlElement): XmlTree {
  const found: Record<string, XmlValue> = Object.create(null)
  for (const child of children) {
    const value = child.children.length > 0 ? tree(child) : child.text
    const before = found[child.name]
    if (before === undefined) found[child.name] = value
    else found[child.name] = Array.isArray(before) ? [...before, value] : [before, value]
  }
  return found
}

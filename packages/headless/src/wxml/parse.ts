// Parses WXML into a tree, without evaluating it.

import { Parser } from 'htmlparser2'

export interface TemplateElement {
  name: string
  /** `true` when an attribute has no value, as in `<button disabled>`. */
  attributes: Record<string, string | true>
  children: TemplateNode[]
}

export type TemplateNode = TemplateElement | string

export function parseWxml(source: string): TemplateNode[] {
  const root: TemplateElement = { name: '', attributes: {}, children: [] }
  const open = [root]
  const top = (): TemplateElement => open.at(-1) ?? root
  let attributes: TemplateElement['attributes'] = {}
  const parser = new Parser(
    {
      onopentagname() {
        attributes = {}
      },
      onattribute(name, value, quote) {
        attributes[name] = quote === undefined ? true : value
      },
      onopentag(name) {
        const element = { name, attributes, children: [] }
        top().children.push(element)
        open.push(element)
      },
      onclosetag() {
        if (open.length > 1) open.pop()
      },
      ontext(text) {
        const { children } = top()
        const last = children.at(-1)
        if (typeof last === 'string') children[children.length - 1] = last + text
        else children.push(text)
      },
    },
    { xmlMode: true },
  )
  parser.end(source)
  return root.children
}

// Finds elements of a page by selectors as in WXSS: names, ids, classes, and descendants.

import type { Element, Rendered } from './render.ts'

interface Compound {
  name: string | undefined
  ids: string[]
  classes: string[]
}

/** The elements in the order of the page. `hidden` elements are left out, because a person cannot see them. */
export function select(nodes: readonly Rendered[], selector: string): Element[] {
  const path = selector.trim().split(/\s+/).map(compound)
  return visible(nodes).filter((element) => matches(element, path))
}

export function visible(nodes: readonly Rendered[]): Element[] {
  return nodes.flatMap((node) => {
    if (typeof node === 'string' || isHidden(node)) return []
    return [node, ...visible(node.children)]
  })
}

/** The visible text, in order. */
export function textOf(nodes: readonly Rendered[]): string {
  const words = nodes.map((node) => (typeof node === 'string' ? node : isHidden(node) ? '' : textOf(node.children)))
  return words.filter((word) => word !== '').join(' ')
}

function isHidden(element: Element): boolean {
  return Boolean(element.attributes['hidden'])
}

function compound(text: string): Compound {
  const found = /^([\w-]+)?((?:[#.][\w-]+)*)$/.exec(text)
  if (!found) throw new TypeError(`Not a selector the headless host knows (name, #id, .class, spaces): ${text}`)
  const marks = (found[2] ?? '').match(/[#.][\w-]+/g) ?? []
  const after = (sign: string): string[] => marks.filter((mark) => mark.startsWith(sign)).map((mark) => mark.slice(1))
  return { name: found[1], ids: after('#'), classes: after('.') }
}

function matches(element: Element, path: readonly Compound[]): boolean {
  const last = path.at(-1)
  if (!last || !fits(element, last)) return false
  const above = path.slice(0, -1)
  if (above.length === 0) return true
  for (let ancestor = element.parent; ancestor; ancestor = ancestor.parent) if (matches(ancestor, above)) return true
  return false
}

function fits(element: Element, { name, ids, classes }: Compound): boolean {
  if (name !== undefined && name !== element.name) return false
  return ids.every((id) => id === element.id) && classes.every((one) => element.classes.includes(one))
}

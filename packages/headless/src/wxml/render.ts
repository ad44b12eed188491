// Renders a page as a person sees it: the template, with data, conditions and lists evaluated.

import { asText, evaluate, evaluateObject, type Scope } from './expression.ts'
import type { TemplateElement, TemplateNode } from './parse.ts'
import type { Sheet } from './sheet.ts'

export interface Handler {
  method: string
  /** `catchtap`: the event does not bubble further up. */
  stops: boolean
}

export interface Element {
  name: string
  id: string
  classes: readonly string[]
  attributes: Readonly<Record<string, unknown>>
  dataset: Readonly<Record<string, unknown>>
  /** By name of the event, such as `tap`. */
  handlers: ReadonlyMap<string, Handler>
  parent: Element | undefined
  children: Rendered[]
}

export type Rendered = Element | string

/** Renders a whole file with the page's data. */
export function renderSheet(sheet: Sheet, data: Scope): Rendered[] {
  return render(sheet.nodes, { ...data, ...sheet.modules }, sheet)
}

function render(nodes: readonly TemplateNode[], scope: Scope, sheet: Sheet, parent?: Element): Rendered[] {
  const rendered: Rendered[] = []
  /** Whether a branch of the current wx:if chain was rendered. */
  let taken = true
  for (const node of nodes) {
    if (typeof node === 'string') {
      if (node.trim() !== '') rendered.push(asText(evaluate(node, scope)).trim())
      continue
    }
    const list = node.attributes['wx:for']
    if (list !== undefined) {
      rendered.push(...renderList(node, evaluate(String(list), scope), scope, sheet, parent))
      continue
    }
    const { 'wx:if': first, 'wx:elif': next } = node.attributes
    if (first !== undefined) taken = Boolean(evaluate(String(first), scope))
    else if (next !== undefined) {
      if (taken) continue
      taken = Boolean(evaluate(String(next), scope))
    } else if ('wx:else' in node.attributes) {
      if (taken) continue
      taken = true
    } else {
      rendered.push(...renderElement(node, scope, sheet, parent))
      continue
    }
    if (taken) rendered.push(...renderElement(node, scope, sheet, parent))
  }
  return rendered
}

function renderList(node: TemplateElement, list: unknown, scope: Scope, sheet: Sheet, parent: Element | undefined): Rendered[] {
  const { 'wx:for': _, 'wx:for-item': item = 'item', 'wx:for-index': index = 'index', 'wx:key': __, ...attributes } = node.attributes
  const each = typeof list === 'number' ? Array.from({ length: list }, (___, position) => position) : (list ?? [])
  const isList = Array.isArray(each) || typeof each === 'string'
  return Object.entries(each).flatMap(([key, value]) =>
    render([{ ...node, attributes }], { ...scope, [String(item)]: value, [String(index)]: isList ? Number(key) : key }, sheet, parent),
  )
}

/** Renders a template from its `data` and the wxs of the file that defines it; it sees nothing else. An unknown template shows nothing, as in WeChat. */
function renderTemplate({ attributes }: TemplateElement, scope: Scope, sheet: Sheet, parent: Element | undefined): Rendered[] {
  const found = sheet.template(asText(evaluate(String(attributes['is']), scope)))
  if (!found) return []
  const { data } = attributes
  const given = typeof data === 'string' ? evaluateObject(data, scope) : {}
  return render(found.nodes, { ...given, ...found.sheet.modules }, found.sheet, parent)
}

function renderElement(node: TemplateElement, scope: Scope, sheet: Sheet, parent: Element | undefined): Rendered[] {
  if (node.name === 'block') return render(node.children, scope, sheet, parent)
  if (node.name === 'template') return renderTemplate(node, scope, sheet, parent)
  const attributes: Record<string, unknown> = {}
  const dataset: Record<string, unknown> = {}
  const handlers = new Map<string, Handler>()
  for (const [name, source] of Object.entries(node.attributes)) {
    if (name.startsWith('wx:')) continue
    const value = source === true ? true : evaluate(source, scope)
    const event = /^(?:capture-)?(bind|catch|mut-bind):?(\w+)$/.exec(name)
    if (event) {
      if (value) handlers.set(String(event[2]), { method: String(value), stops: event[1] === 'catch' })
    } else if (name.startsWith('data-')) dataset[camelCase(name.slice('data-'.length))] = value
    else attributes[name] = value
  }
  const element: Element = {
    name: node.name,
    id: asText(attributes['id']),
    classes: classesOf(attributes['class']),
    attributes,
    dataset,
    handlers,
    parent,
    children: [],
  }
  element.children.push(...render(node.children, scope, sheet, element))
  return [element]
}

function classesOf(value: unknown): string[] {
  const names = Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [asText(value)]
  return names.join(' ').split(/\s+/).filter(Boolean)
}

/** `data-product-id` becomes `dataset.productId`, and `data-productId` becomes `dataset.productid`. */
function camelCase(name: string): string {
  return name.toLowerCase().replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}

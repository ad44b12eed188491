// One WXML file with everything that it refers to: its own and imported templates, its wxs modules, and the files that it includes.

import { posix } from 'node:path'
import type { Scope } from './expression.ts'
import { parseWxml, type TemplateElement, type TemplateNode } from './parse.ts'

export interface Sheet {
  /** The nodes to show: without definitions, and with the included files in their places. */
  nodes: readonly TemplateNode[]
  /** The wxs modules by name. Only expressions of this file can use them. */
  modules: Scope
  /** Finds `<template name>` in this file or one that it imports, and the file that defines it. A template that is in neither is reported once. */
  template(name: string): { nodes: readonly TemplateNode[]; sheet: Sheet } | undefined
  /** Whether this file itself defines the template. */
  defines(name: string): boolean
}

export interface SheetFiles {
  /** Reads a file of the program, given by its path from the root. */
  read(path: string): string
  /** Compiles a function with these parameters, in the program's own environment. */
  compile(code: string, file: string, parameters: string[]): (...values: unknown[]) => unknown
  warn(text: string): void
}

/** Gives the sheet of a path. Each file is read once. */
export function sheetsIn({ read, compile, warn }: SheetFiles): (path: string) => Sheet {
  const sheets = new Map<string, Sheet>()
  const scripts = new Map<string, unknown>()

  const script = (file: string, code = read(file)): unknown => {
    if (scripts.has(file)) return scripts.get(file)
    const module = { exports: {} as unknown }
    const require = (wanted: string): unknown => script(resolved(file, wanted))
    compile(code, file, ['module', 'exports', 'require'])(module, module.exports, require)
    scripts.set(file, module.exports)
    return module.exports
  }

  const sheetAt = (path: string): Sheet => {
    const known = sheets.get(path)
    if (known) return known
    const definitions = new Map<string, readonly TemplateNode[]>()
    const missed = new Set<string>()
    const imports: string[] = []
    const modules: Record<string, unknown> = {}

    const shown = (nodes: readonly TemplateNode[]): TemplateNode[] =>
      nodes.flatMap((node): TemplateNode[] => {
        if (typeof node === 'string') return [node]
        const { name, module, src } = node.attributes
        if (node.name === 'template' && name !== undefined) {
          definitions.set(String(name), shown(node.children))
          return []
        }
        if (node.name === 'import') {
          imports.push(resolved(path, String(src)))
          return []
        }
        if (node.name === 'wxs') {
          modules[String(module)] = src === undefined ? script(`${path}#${module}`, wordsOf(node)) : script(resolved(path, String(src)))
          return []
        }
        // The included content is inserted here. Its definitions stay in the included file.
        if (node.name === 'include') return [...sheetAt(resolved(path, String(src))).nodes]
        return [{ ...node, children: shown(node.children) }]
      })

    const sheet: Sheet = {
      nodes: shown(parseWxml(read(path))),
      modules,
      template(name) {
        const own = definitions.get(name)
        if (own) return { nodes: own, sheet }
        // An import's own imports are not searched, as in WeChat.
        const found = imports.map(sheetAt).find((imported) => imported.defines(name))
        if (!found && !missed.has(name)) warn(`Template "${name}" is neither in ${path} nor in a file that it imports.`)
        missed.add(name)
        return found?.template(name)
      },
      defines: (name) => definitions.has(name),
    }
    sheets.set(path, sheet)
    return sheet
  }
  return sheetAt
}

function wordsOf({ children }: TemplateElement): string {
  return children.filter((child) => typeof child === 'string').join('')
}

/** A path relative to the file, or from the root. `.wxml` may be left out. */
function resolved(from: string, wanted: string): string {
  const path = wanted.startsWith('/') ? wanted.slice(1) : posix.join(posix.dirname(from), wanted)
  return posix.extname(path) === '' ? `${path}.wxml` : path
}

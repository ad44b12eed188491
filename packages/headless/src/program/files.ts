// Reads the configuration of a compiled mini program: its pages and tabs, and its ext.json.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { record } from '../pages/definition.ts'

export interface Files {
  pages: string[]
  tabs: string[]
  /** The values of ext.json, when it is enabled. */
  ext: Record<string, unknown>
}

export function filesIn(dir: string): Files {
  const app = json(join(dir, 'app.json'))
  if (!app) throw new Error(`No app.json in ${dir}: build the mini program first.`)
  const inPackages = list(app['subPackages'] ?? app['subpackages']).flatMap((one) => {
    const { root, pages } = record(one)
    return list(pages).map((page) => `${String(root).replace(/\/$/, '')}/${String(page)}`)
  })
  const ext = json(join(dir, 'ext.json')) ?? {}
  return {
    pages: [...list(app['pages']).map(String), ...inPackages],
    tabs: list(record(app['tabBar'])['list']).map((tab) => String(record(tab)['pagePath'])),
    ext: ext['extEnable'] === true ? record(ext['ext']) : {},
  }
}

function json(file: string): Record<string, unknown> | undefined {
  return existsSync(file) ? record(JSON.parse(readFileSync(file, 'utf8'))) : undefined
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

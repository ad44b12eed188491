// require() as WeChat resolves it: relative paths, paths from the root, and packages in the nearest miniprogram_npm. Each file runs once.

import { existsSync, readFileSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'
import type { Realm } from './realm.ts'

export interface Modules {
  /** Runs a file of the program, given by its path from the root, without `.js`. */
  run(path: string): unknown
}

interface Module {
  exports: unknown
}

export function modulesIn(dir: string, realm: Realm): Modules {
  const loaded = new Map<string, Module>()

  const load = (file: string): unknown => {
    const known = loaded.get(file)
    if (known) return known.exports
    const module: Module = { exports: realm.object() }
    loaded.set(file, module)
    const code = readFileSync(join(dir, file), 'utf8')
    try {
      realm.compile(code, join(dir, file), ['require', 'module', 'exports'])(requireFrom(file), module, module.exports)
    } catch (error) {
      loaded.delete(file)
      throw error
    }
    return module.exports
  }

  const requireFrom = (file: string): ((wanted: string) => unknown) => {
    const require = (wanted: string): unknown => {
      const found = candidates(posix.dirname(file), wanted).find((path) => isFile(join(dir, path)))
      if (found === undefined) throw realm.error(`module '${wanted}' is not defined, required by '${file}'`)
      return load(found)
    }
    return Object.assign(require, { async: async (wanted: string) => require(wanted) })
  }

  return {
    run(path) {
      const file = `${path}.js`
      if (!isFile(join(dir, file))) throw new Error(`The mini program has no ${file} in ${dir}.`)
      return load(file)
    },
  }
}

function candidates(from: string, wanted: string): string[] {
  if (wanted.startsWith('.')) return asFile(posix.join(from, wanted))
  if (wanted.startsWith('/')) return asFile(wanted.slice(1))
  const npm = above(from).flatMap((folder) => asFile(posix.join(folder, 'miniprogram_npm', wanted)))
  // WeChat reads a bare path as a relative one when no package has that name.
  return [...npm, ...asFile(posix.join(from, wanted))]
}

function asFile(path: string): string[] {
  return [path, `${path}.js`, posix.join(path, 'index.js')]
}

/** The folder and all its parents, nearest first; the root is ''. */
function above(folder: string): string[] {
  const parts = folder === '.' ? [] : folder.split('/')
  return [...parts.map((_, left) => parts.slice(0, parts.length - left).join('/')), '']
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile()
}

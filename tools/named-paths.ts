// Checks that what the documents name exists: the target of each link, each path of this repository in a code span, each name that is said to be in a file,
// and each npm script.

import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

const PAGES = ['*.md', 'docs/**/*.md', 'packages/*/*.md', 'examples/*/*.md', '.github/**/*.md']
/**
 * Code spans on these pages are not checked: they name paths of other repositories, or of an earlier state of this one, because a decision is never
 * rewritten.
 */
const FOREIGN_SPANS = /^docs\/(reference\/wechat|decisions)\//

/** One line for each thing that a page under `root` names and that does not exist. */
export function pathsBroken(root = '.'): string[] {
  const tops = topFolders(root)
  const scripts = scriptsOf(root)
  return globSync(PAGES, { cwd: root, exclude: (name) => /(^|\/)node_modules(\/|$)/.test(name) })
    .sort()
    .flatMap((page) =>
      readFileSync(join(root, page), 'utf8')
        .split('\n')
        .flatMap((line, at) => {
          const spans = FOREIGN_SPANS.test(page) ? [] : [...line.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '')
          return [
            ...deadLinks(root, page, line),
            ...spans.filter((span) => isPath(span, tops) && !found(root, span)).map((span) => `names ${span}: it is not there`),
            ...[...line.matchAll(/`([^`]+\.\w+)` \(`(\w+)`/g)]
              .filter(([, span = '', name = '']) => isPath(span, tops) && !holds(root, span, name))
              .map(([, span, name]) => `names ${name} of ${span}: it is not in there`),
            ...[...line.matchAll(/npm run (?:-s )?([a-z][a-z0-9:-]*)/g)]
              .map((match) => match[1] ?? '')
              .filter((script) => !scripts.has(script))
              .map((script) => `names npm run ${script}: there is no such script`),
          ].map((what) => `${page}:${at + 1} ${what}`)
        }),
    )
}

function deadLinks(root: string, page: string, line: string): string[] {
  return [...line.matchAll(/\]\(([^)\s]+)\)/g)].flatMap((match) => {
    const target = match[1] ?? ''
    if (/^[a-z]+:/.test(target)) return []
    const [path = '', anchor] = target.split('#')
    const file = path === '' ? page : normalize(join(dirname(page), path))
    if (!existsSync(join(root, file))) return [`links to ${target}: it is not there`]
    if (anchor === undefined || !file.endsWith('.md')) return []
    return anchorsOf(readFileSync(join(root, file), 'utf8')).has(anchor) ? [] : [`links to ${target}: it has no such heading`]
  })
}

/** Anchors as GitHub makes them: lower case, without punctuation, spaces as hyphens. */
function anchorsOf(text: string): ReadonlySet<string> {
  const headings = [...text.matchAll(/^#{1,6} (.*)$/gm)].map((match) => match[1] ?? '')
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replace(/\s/g, '-'),
    ),
  )
}

function topFolders(root: string): ReadonlySet<string> {
  return new Set(['packages', 'docs', 'test', 'tools', 'examples', 'simulation', 'bench', '.ci', '.github', ...packagesOf(root)])
}

function packagesOf(root: string): string[] {
  return globSync('packages/*/package.json', { cwd: root }).map((file) => file.split('/')[1] ?? '')
}

/** `packages/sdk/src/index.ts`, `test/house`, `sdk/src/*.ts`: begins with a folder of this repository, and contains only characters of paths. */
function isPath(span: string, tops: ReadonlySet<string>): boolean {
  return /^[\w.@-]+(\/[\w.@*{},-]+)+\/?$/.test(span) && tops.has(span.split('/')[0] ?? '')
}

/** Looks below the root, and below packages/ for paths that begin with a package. */
function found(root: string, span: string): boolean {
  return [span, `packages/${span}`].some((path) => globSync(path.replace(/\/$/, ''), { cwd: root }).length > 0)
}

function holds(root: string, span: string, name: string): boolean {
  return [span, `packages/${span}`].some(
    (path) => existsSync(join(root, path)) && new RegExp(`\\b${name}\\b`).test(readFileSync(join(root, path), 'utf8')),
  )
}

function scriptsOf(root: string): ReadonlySet<string> {
  const files = ['package.json', ...globSync('{packages,examples}/*/package.json', { cwd: root })]
  return new Set(
    files.flatMap((file) =>
      Object.keys((JSON.parse(readFileSync(join(root, file), 'utf8')) as { scripts?: Record<string, string> }).scripts ?? {}),
    ),
  )
}

// Checks that every citation exists: `(v3-protocol §12)` must be a numbered heading of docs/reference/wechat or docs/explanation, `(G4)` a row of a table
// there. docs/reference/wechat/README.md defines what counts as a citation, and which book it belongs to.

import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/** A book's name → its numbered headings. */
type Books = ReadonlyMap<string, ReadonlySet<string>>

const BOOKS = ['docs/reference/wechat/*.md', 'docs/explanation/*.md']
const TEXTS = '{packages,test,simulation,tools,examples,bench,docs}/**/*.{ts,tsx,js,mjs,cjs,vue,sql,md,yml,html,py,sh}'
const SKIPPED = /(^|\/)(node_modules|dist|miniprogram_dist|unpackage)(\/|$)/

/** The files with the tables of rows. Rows of the first may also be cited with the name `reliability`. */
const TABLES = {
  reliability: 'docs/explanation/reliability.md',
  found: 'docs/explanation/found-by-trying.md',
  defects: 'docs/explanation/client-defects.md',
}

/** One line for each citation under `root` that does not exist: file, line, and what was cited. */
export function citationsBroken(root = '.'): string[] {
  const books = readBooks(root)
  const rows = { reliability: rowsOf(root, TABLES.reliability), found: rowsOf(root, TABLES.found), defects: rowsOf(root, TABLES.defects) }
  const any = new Set([...rows.reliability, ...rows.found, ...rows.defects])
  return globSync([TEXTS, '*.md'], { cwd: root, exclude: (name) => SKIPPED.test(name) })
    .sort()
    .flatMap((file) => {
      const text = readFileSync(join(root, file), 'utf8')
      return [...brokenSections(file, text, books), ...brokenRows(file, text, rows.reliability, any)]
    })
}

function readBooks(root: string): Books {
  const files = globSync(BOOKS, { cwd: root }).filter((file) => !/README|\.zh-CN/.test(file))
  return new Map(
    files.map((file) => {
      const headings = readFileSync(join(root, file), 'utf8').matchAll(/^#{2,4} (\d+[a-z]?(?:\.\d+)*)\.? /gm)
      return [basename(file, '.md'), new Set([...headings].map((match) => match[1] ?? ''))]
    }),
  )
}

/** The ids that begin a row of a table. */
export function rowsOf(root: string, file: string): string[] {
  return [...readFileSync(join(root, file), 'utf8').matchAll(/^\| ([A-K][1-9]\d?) \|/gm)].map((match) => match[1] ?? '')
}

/** A book and a section, a range of sections, and what is joined to it by a comma, "and" or a dash. */
const SECTION =
  /(?:(?<![A-Za-z0-9-])(?<word>[A-Za-z0-9][A-Za-z0-9-]*?)(?<md>\.md)? )?§(?<from>\d+[a-z]?(?:\.\d+)*)(?:–§?(?<to>\d+[a-z]?(?:\.\d+)*))?/g
const JOINED = /^(,|\/| and| or|;)?$/

function brokenSections(file: string, text: string, books: Books): string[] {
  const broken: string[] = []
  const own = books.has(basename(file, '.md')) ? basename(file, '.md') : undefined
  /** The book of a § without a name: the file's own, else the first that the file names. */
  let home = own
  let last: { book: string; end: number } | undefined
  for (const match of text.matchAll(SECTION)) {
    const { word, md, from = '', to } = match.groups ?? {}
    const named =
      word !== undefined &&
      word !== 'and' &&
      word !== 'or' &&
      (own === undefined || books.has(word) || md !== undefined || word.includes('-'))
    const joined = !named && last !== undefined && JOINED.test(text.slice(last.end, match.index).trimEnd())
    const book = named ? word : joined ? last?.book : home
    const where = `${file}:${lineOf(text, match.index)}`
    const sections = book === undefined ? undefined : books.get(book)
    if (book === undefined) broken.push(`${where} cites §${from} and names no book`)
    else if (sections === undefined)
      broken.push(`${where} cites ${book} §${from}: there is no ${book}.md in docs/reference/wechat or docs/explanation`)
    else
      for (const section of to === undefined ? [from] : [from, to])
        if (!sections.has(section)) broken.push(`${where} cites ${book} §${section}: it has no such heading`)
    if (book === undefined) continue
    home ??= book
    last = { book, end: match.index + match[0].length }
  }
  return broken
}

const ID = '[A-K][1-9]\\d?'
const LIST = `${ID}(?:(?:,| and|,? or) ${ID})*`
/** `reliability D5`: a row of that table. */
const OF_RELIABILITY = new RegExp(`\\breliability (?:§[\\d.]+; )?(${LIST})\\b`, 'g')
/** `(G4)`, `(F8, K1)`, and `A3: …` at the beginning of a test's name or of a comment: a row of any of the tables. */
const OF_ANY = new RegExp(`\\((${LIST})\\)|(?:(?<=['"\`])|(?<=// ))(${LIST}): `, 'g')

function brokenRows(file: string, text: string, reliability: readonly string[], any: ReadonlySet<string>): string[] {
  const cited = (pattern: RegExp, known: (id: string) => boolean, what: string): string[] =>
    [...text.matchAll(pattern)].flatMap((match) =>
      ((match[1] ?? match[2] ?? '').match(new RegExp(ID, 'g')) ?? [])
        .filter((id) => !known(id))
        .map((id) => `${file}:${lineOf(text, match.index)} cites ${id}: no such row in ${what}`),
    )
  return [
    ...cited(OF_RELIABILITY, (id) => reliability.includes(id), TABLES.reliability),
    ...cited(OF_ANY, (id) => any.has(id), Object.values(TABLES).join(', ')),
  ]
}

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}

// One exact change of one line that a test must notice, and the lists of such changes.

import { readdirSync, readFileSync } from 'node:fs'

export interface Mutant {
  id: string
  file: string
  /** Must occur exactly once in the file. */
  from: string
  to: string
  /** The tests nearest to the line. */
  tests: readonly string[]
  /** What would break. */
  why: string
  /** Why no test can notice the change: the code means the same. */
  survives?: string
}

/** Each other file of this folder exports the mutants of one part as one list. */
export async function allMutants(): Promise<Mutant[]> {
  const folder = new URL('./', import.meta.url)
  const files = readdirSync(folder).filter((name) => name !== 'mutant.ts')
  const lists = await Promise.all(files.map((name) => import(new URL(name, folder).href) as Promise<Record<string, readonly Mutant[]>>))
  return lists.flatMap((list) => Object.values(list).flat())
}

/** One line for each mutant that cannot be made: its line has changed, or its id is used twice. */
export function impossible(mutants: readonly Mutant[]): string[] {
  const ids = new Set<string>()
  return mutants.flatMap(({ id, file, from }) => {
    const times = readFileSync(file, 'utf8').split(from).length - 1
    const twice = ids.has(id) ? [`mutant ${id}: another has this id`] : []
    ids.add(id)
    return times === 1 ? twice : [...twice, `mutant ${id}: its text stands ${times} times in ${file}, not once: ${from}`]
  })
}

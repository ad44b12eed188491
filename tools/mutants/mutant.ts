// One exact change of one line that a test must notice.

export interface Mutant {
  id: string
  file: string
  /** Stands exactly once in the file. */
  from: string
  to: string
  /** The tests nearest to it. */
  tests: readonly string[]
  /** What would break for somebody. */
  why: string
  /** Why no test can notice it: it means the same. */
  survives?: string
}

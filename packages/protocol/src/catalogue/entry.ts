// The catalogue's entry for one code or message: its meaning, the usual causes, what to do. In English and in Chinese.

import type { Meaning } from '../endpoints/v3-errors.ts'

export interface Explained {
  /** The code or message that is explained. */
  code: string
  what: Words
  /** Usual causes, most likely first. */
  causes: readonly Words[]
  fix: Words
  /** Whether the request was certainly not carried out. Absent if the question does not arise. */
  outcome?: Meaning | undefined
  /** The section of WeChat's documents or ours. */
  source: string
}

export interface Words {
  en: string
  zh: string
}

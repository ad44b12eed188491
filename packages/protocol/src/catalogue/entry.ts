// What the catalogue says of one code or message: what it means, why it usually comes, what to do. In English and in Chinese.

export interface Explained {
  /** The code or message that is explained. */
  code: string
  what: Words
  /** Usual causes, most likely first. */
  causes: readonly Words[]
  fix: Words
  /** Whether the request certainly did not happen; absent where that is not the question. */
  outcome?: 'refused' | 'unknown' | 'retry' | undefined
  /** Section of WeChat's documents or of ours. */
  source: string
}

export interface Words {
  en: string
  zh: string
}

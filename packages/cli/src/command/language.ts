// Every text of the command exists in English and Chinese. The locale decides which one is printed; a locale that names neither gets both.

export interface Text {
  readonly en: string
  readonly zh: string
}

export type Language = 'en' | 'zh' | 'both'

export interface Say {
  /** `between` joins the two languages if both are printed. Default ' · '. */
  (text: Text, between?: string): string
  readonly language: Language
}

export function sayIn(language: Language): Say {
  const say = (text: Text, between = ' · '): string => (language === 'both' ? `${text.en}${between}${text.zh}` : text[language])
  return Object.assign(say, { language })
}

/** POSIX: LC_ALL wins over LC_MESSAGES, which wins over LANG. An empty variable counts as absent. */
export function localeLanguage(env: NodeJS.ProcessEnv): Language {
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || ''
  const [, language] = /^(en|zh)(?![a-z])/i.exec(locale) ?? []
  return language === undefined ? 'both' : asLanguage(language.toLowerCase())
}

/** `--lang` overrides the locale. It is read before the options are parsed, because the parser's own messages are in this language too. */
export function languageOf(argv: readonly string[], env: NodeJS.ProcessEnv): Language {
  const words = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv
  const given = words.flatMap((word, i) => (word === '--lang' ? [words[i + 1] ?? ''] : word.startsWith('--lang=') ? [word.slice(7)] : []))
  const language = asLanguage(given.at(-1) ?? '')
  return language === 'both' ? localeLanguage(env) : language
}

function asLanguage(word: string): Language {
  return word === 'en' || word === 'zh' ? word : 'both'
}

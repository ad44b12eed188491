// The help of each command in each language, and the documented exit codes: both are made from the declarations.

import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Command, EXIT_COMMON, type Talk } from '../src/command/declaration.ts'
import { sayIn } from '../src/command/language.ts'
import { execute } from '../src/command/program.ts'
import { COMMAND_NAMES, loadCommand, loadCommands } from '../src/commands.ts'
import { run } from './run.ts'

const all = withSubcommands(await loadCommands())

function withSubcommands(commands: readonly Command[], above = ''): { path: string; command: Command }[] {
  return commands.flatMap((command) => {
    const path = `${above} ${command.name}`.trim()
    return [{ path, command }, ...withSubcommands(command.subcommands ?? [], path)]
  })
}

/** The output of the program for `words`, run in this process, and its exit code. */
async function helpOf(words: readonly string[], language: 'en' | 'zh' | 'both'): Promise<{ code: number; text: string }> {
  const say = sayIn(language)
  const talk: Talk = {
    say,
    paint: (_, text) => text,
    progress: () => ({ at() {}, around: (write) => write(), end() {} }),
    commands: loadCommands,
  }
  const program = { text: { en: 'English.', zh: '中文。' }, version: '9.9.9', names: COMMAND_NAMES, load: loadCommand }
  const { write } = process.stdout
  let text = ''
  process.stdout.write = ((chunk: string) => {
    text += chunk
    return true
  }) as typeof write
  try {
    return { code: await execute(program, words, talk), text }
  } finally {
    process.stdout.write = write
  }
}

test('each command is listed under its own name', async () => {
  expect((await loadCommands()).map(({ name }) => name)).toEqual(COMMAND_NAMES)
  const { code, text } = await helpOf(['--help'], 'en')
  expect(code).toBe(0)
  expect(text).toContain('Usage: cashdesk <command>\n\nEnglish.\n')
  for (const name of COMMAND_NAMES) expect(text).toMatch(new RegExp(`^ {2}${name} .*[a-z]`, 'm'))
})

describe.each(all)('cashdesk $path --help', ({ path, command }) => {
  const words = [...path.split(' '), '--help']
  const [en, zh] = [[] as string[], [] as string[]]
  beforeAll(async () => {
    for (const [language, texts] of [
      ['en', en],
      ['zh', zh],
    ] as const) {
      const { code, text } = await helpOf(words, language)
      texts.push(text, String(code))
    }
  })
  /** Help is wrapped to the width of the terminal. */
  const flat = (text: string | undefined): string => (text ?? '').replaceAll(/\s+/g, '')

  test('shows usage, options with their texts, examples and exit codes in both languages', () => {
    expect([en[1], zh[1]]).toEqual(['0', '0'])
    expect(en[0]).toContain(`Usage: cashdesk ${path}`)
    expect(zh[0]).toContain(`用法： cashdesk ${path}`)
    const texts = [
      command.text,
      ...(command.more ? [command.more] : []),
      ...Object.values(command.options).map((option) => option.text),
      ...Object.values(command.arguments).map((argument) => argument.text),
      ...command.examples.map((example) => example.text),
      ...Object.values({ ...EXIT_COMMON, ...command.exit }),
    ]
    for (const text of texts) {
      expect(flat(en[0])).toContain(flat(text.en))
      expect(flat(zh[0])).toContain(flat(text.zh))
    }
    for (const name of Object.keys(command.options)) expect(en[0]).toMatch(new RegExp(`^ {2}--${name}[ \n]`, 'm'))
    for (const code of Object.keys(command.exit)) expect(en[0]).toMatch(new RegExp(`^ {2}${code} {3}\\S`, 'm'))
  })

  test('help in one language contains no word of the other', () => {
    // 商户 is the default name of a shop.
    expect(en[0]?.replaceAll('商户', '')).not.toMatch(/\p{Script=Han}/u)
    expect(zh[0]).not.toMatch(/Usage:|Options:|Examples:|Exit codes:|default:|env:|show this help|display help/)
  })

  test('each example is a command line that the parser accepts for this command', () => {
    const options = { ...command.options, lang: {} }
    for (const { line } of command.examples) {
      expect(line).toContain(`cashdesk ${path}`)
      for (const [, name = ''] of line.matchAll(/ --([a-z-]+)/g))
        expect([line, name, Object.hasOwn(options, name) || line.includes('|')]).toEqual([line, name, true])
    }
  })

  test('every text exists in both languages, and the Chinese one is Chinese', () => {
    for (const text of [command.text, ...Object.values(command.options).map((option) => option.text)]) {
      expect(text.en).toMatch(/^\P{Script=Han}+$/u)
      expect(text.zh).toMatch(/\p{Script=Han}/u)
    }
  })
})

test('help is in both languages when the locale names neither', async () => {
  const { text } = await helpOf(['audit', '--help'], 'both')
  expect(text).toContain('Usage: cashdesk audit')
  expect(text).toContain('check the database for broken promises\n核账：检查数据库中是否有承诺被违反')
})

test('`cashdesk help COMMAND` prints the same help', async () => {
  expect(await helpOf(['help', 'keys', 'create'], 'en')).toEqual(await helpOf(['keys', 'create', '--help'], 'en'))
})

test('--version prints the version of the package', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
  expect(await run(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' })
})

test('a group without a subcommand prints its help and exits 2', async () => {
  const { code, out, err } = await run(['keys', '--lang', 'en'])
  expect([code, out]).toEqual([2, ''])
  expect(err).toContain('Usage: cashdesk keys')
})

describe.each([
  ['docs/how-to/operate.md', 'en'],
  ['docs/how-to/operate.zh-CN.md', 'zh'],
] as const)('%s', (page, language) => {
  const text = readFileSync(new URL(`../../../${page}`, import.meta.url), 'utf8')
  const rows = [...text.matchAll(/^\| ((?:`[a-z ]+`[,、 ]*)+) \| (\d) \| (.+) \|$/gm)].flatMap(([, names = '', code = '', meaning = '']) =>
    [...names.matchAll(/`([^`]+)`/g)].map((name) => `${name[1]} ${code}: ${meaning}`),
  )

  test('its table of exit codes is the one that the commands declare', () => {
    const declared = all.flatMap(({ path, command }) =>
      Object.entries(command.exit).map(([code, meaning]) => `${path} ${code}: ${meaning[language]}`),
    )
    expect(rows.toSorted()).toEqual(declared.toSorted())
  })
})

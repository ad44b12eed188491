// Parses the command line by the declarations and runs the named command.

import { CommanderError, type Option, Command as Parser, Option as ParserOption } from 'commander'
import { UsageError } from '../usage-error.ts'
import type { Command, OptionDeclaration, Talk } from './declaration.ts'
import { helpEnd, optionText, title, withHelp } from './help.ts'
import type { Say, Text } from './language.ts'
import { refusal } from './refusals.ts'
import { hasColour } from './terminal.ts'

export interface Program {
  readonly text: Text
  readonly version: string
  /** Names of all commands, in the order of the help. */
  readonly names: readonly string[]
  load(name: string): Promise<Command | undefined>
}

export const LANG: OptionDeclaration = {
  value: 'zh|en',
  choices: ['zh', 'en'],
  text: {
    en: 'language of the texts; absent: the locale (LC_ALL, LC_MESSAGES, LANG)',
    zh: '提示语言；未指定时按系统区域设置（LC_ALL、LC_MESSAGES、LANG）',
  },
}

const MORE: Text = {
  en: 'Options, examples and exit codes of a command: cashdesk <command> --help',
  zh: '各命令的选项、示例与退出码：cashdesk <command> --help',
}

/** Resolves with the exit code. @throws UsageError, or what the command throws */
export async function execute(program: Program, argv: readonly string[], talk: Talk): Promise<number> {
  const { say } = talk
  const words = argv[0] === 'help' ? [...argv.slice(1), '--help'] : [...argv]
  const name = commandName(words)
  // Only the named command is loaded, because loading all takes a second. The list of commands in the help needs all.
  const wanted =
    name !== undefined && program.names.includes(name) ? [name] : words.some(isVersion) || name !== undefined ? [] : program.names
  const loaded = new Map(await Promise.all(wanted.map(async (one) => [one, await program.load(one)] as const)))

  let code = 0
  const root = withHelp(new Parser('cashdesk'), say)
    .description(say(program.text, '\n'))
    .usage('<command>')
    .version(program.version, '-V, --version', say({ en: 'show the version', zh: '显示版本' }, '\n'))
    .exitOverride()
    .configureOutput({
      outputError: () => {},
      getOutHasColors: () => hasColour(process.stdout),
      getErrHasColors: () => hasColour(process.stderr),
    })
  root.addOption(parserOption('lang', LANG, { say, words }))
  const run = async (act: (talk: Talk) => Promise<number>): Promise<void> => {
    code = await act(talk)
  }
  root.addHelpText('after', `\n${say(MORE, '\n')}`)
  for (const one of program.names) {
    const declared = loaded.get(one)
    if (declared) add(root, declared, { say, words, run })
    else root.command(one)
  }
  try {
    await root.parseAsync(words, { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return outcome(error, root, words, say)
    throw error
  }
}

/** The exit code after the parser stopped. @throws UsageError */
function outcome(error: CommanderError, root: Parser, words: readonly string[], say: Say): number {
  if (error.code === 'commander.helpDisplayed' || error.code === 'commander.version') return 0
  // No command was given, so the parser showed the help.
  if (error.code === 'commander.help') return 2
  const usage = error.code === 'commander.unknownCommand' ? `${title('Usage:', say)} cashdesk <command>` : ''
  if (usage !== '') console.error(usage)
  throw refusal(error, pathOf(root, words))
}

/** The command's path, such as `cashdesk orders show`, from those words that name commands. */
function pathOf(root: Parser, words: readonly string[]): string {
  let at = root
  let path = root.name()
  for (const word of words) {
    const next = at.commands.find((one) => one.name() === word)
    if (!next) continue
    at = next
    path += ` ${word}`
  }
  return path
}

function commandName(words: readonly string[]): string | undefined {
  return words.find((word, i) => !word.startsWith('-') && words[i - 1] !== '--lang')
}

function isVersion(word: string): boolean {
  return word === '-V' || word === '--version'
}

interface Building {
  say: Say
  words: readonly string[]
  run(act: (talk: Talk) => Promise<number>): Promise<void>
}

function add(parent: Parser, declared: Command, building: Building): void {
  const { say } = building
  const parser = parent.command(declared.name).helpCommand(false).summary(say(declared.text, '\n'))
  parser.description(say(declared.text, '\n') + (declared.more === undefined ? '' : `\n\n${say(declared.more, '\n')}`))
  for (const [name, option] of Object.entries(declared.options)) parser.addOption(parserOption(name, option, building))
  for (const [name, { text, required, many }] of Object.entries(declared.arguments)) {
    const spelled = many ? `${name}...` : name
    parser.argument(required ? `<${spelled}>` : `[${spelled}]`, say(text, '\n'))
  }
  parser.addHelpText('after', helpEnd(declared, say))
  for (const sub of declared.subcommands ?? []) add(parser, sub, building)
  const { run } = declared
  if (!run) return
  parser.action(() => {
    const options = Object.fromEntries(Object.keys(declared.options).map((name) => [name, optionValue(parser, name)]))
    const args = Object.fromEntries(Object.keys(declared.arguments).map((name, i) => [name, parser.processedArgs[i]]))
    return building.run((talk) => run(options, args, talk))
  })
}

function parserOption(name: string, declared: OptionDeclaration, { say, words }: Pick<Building, 'say' | 'words'>): Option {
  const { value, default: otherwise, env, required, many, choices, read } = declared
  const option = new ParserOption(value === undefined ? `--${name}` : `--${name} <${value}>`, optionText(declared, say))
  if (env !== undefined) option.env(env)
  if (required) option.makeOptionMandatory()
  if (value === undefined) return option
  option.argParser((text: string, before: unknown) => {
    // In `--limit --json` the value was forgotten; `--json` is not the value. `--limit=--json` would be one.
    if (text.length > 1 && text.startsWith('-') && words.some((word, i) => word === `--${name}` && words[i + 1] === text))
      throw new UsageError({ en: `The option --${name} needs a value.`, zh: `选项 --${name} 缺少值。` })
    if (choices && !choices.includes(text))
      throw new UsageError({
        en: `--${name} takes ${choices.join(' or ')}, not ${text}.`,
        zh: `--${name} 只能是 ${choices.join(' 或 ')}，不能是 ${text}。`,
      })
    const read_ = read ? read(text) : text
    return many ? [...(Array.isArray(before) ? before : []), read_] : read_
  })
  if (otherwise !== undefined) option.default(read ? read(otherwise) : otherwise)
  return option
}

/** If a group above has an option of the same name, the parser stores the value there, wherever it was written. */
function optionValue(parser: Parser, name: string): unknown {
  const off = name.startsWith('no-')
  const attribute = new ParserOption(`--${name}`).attributeName()
  const given = ancestors(parser).find((one) => !['default', undefined].includes(one.getOptionValueSource(attribute)))
  const value: unknown = (given ?? parser).getOptionValue(attribute)
  const isSwitch = parser.options.some((one) => one.attributeName() === attribute && !one.required)
  if (off) return value === false
  return isSwitch ? value === true : value
}

function ancestors(parser: Parser): Parser[] {
  return parser.parent ? [parser, ...ancestors(parser.parent)] : [parser]
}

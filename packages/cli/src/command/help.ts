// The help of a command, in the user's language: the parser's layout, then examples and exit codes.

import type { Argument, Command as Parser } from 'commander'
import { type Command, EXIT_COMMON, type OptionDeclaration } from './declaration.ts'
import type { Say, Text } from './language.ts'
import { columns, padded, paintOn } from './terminal.ts'

const TITLES: Readonly<Record<string, Text>> = {
  'Arguments:': { en: 'Arguments:', zh: '参数：' },
  'Options:': { en: 'Options:', zh: '选项：' },
  'Global Options:': { en: 'Global options:', zh: '全局选项：' },
  'Commands:': { en: 'Commands:', zh: '命令：' },
  'Examples:': { en: 'Examples:', zh: '示例：' },
  'Exit codes:': { en: 'Exit codes:', zh: '退出码：' },
}
const USAGE: Text = { en: 'Usage:', zh: '用法：' }

export function title(name: string, say: Say): string {
  if (name === 'Usage:') return say.language === 'zh' ? USAGE.zh : USAGE.en
  return say(TITLES[name] ?? { en: name, zh: name }, ' ')
}

/** Sets how the parser writes help. Subcommands inherit it. */
export function withHelp(parser: Parser, say: Say): Parser {
  const bold = (text: string): string => paintOn(process.stdout)('bold', text)
  return parser
    .helpCommand(false)
    .helpOption('-h, --help', say({ en: 'show this help', zh: '显示帮助' }, '\n'))
    .configureHelp({
      showGlobalOptions: true,
      // Only --lang is listed as a global option. The options of a group are repeated by its subcommands.
      visibleGlobalOptions: (one) => (one.parent ? programOf(one).options.filter(({ long }) => long === '--lang') : []),
      displayWidth: columns,
      styleTitle: (name) => bold(title(name, say)),
      subcommandTerm: (one) => [one.name(), ...one.registeredArguments.map((argument) => argumentTerm(argument))].join(' '),
      // The declared text is complete. The parser would add English words about defaults and choices.
      optionDescription: ({ description }) => description,
    })
}

function argumentTerm(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`
  return argument.required ? `<${name}>` : `[${name}]`
}

function programOf(parser: Parser): Parser {
  return parser.parent ? programOf(parser.parent) : parser
}

export function optionText({ text, default: value, env }: OptionDeclaration, say: Say): string {
  const notes = [
    ...(value === undefined ? [] : [{ en: `default: ${value}`, zh: `默认：${value}` }]),
    ...(env === undefined ? [] : [{ en: `env: ${env}`, zh: `环境变量：${env}` }]),
  ]
  if (notes.length === 0) return say(text, '\n')
  const en = `${text.en} (${notes.map((note) => note.en).join('; ')})`
  const zh = `${text.zh}（${notes.map((note) => note.zh).join('；')}）`
  return say({ en, zh }, '\n')
}

/** The examples and exit codes that follow the parser's help. */
export function helpEnd({ examples, exit }: Command, say: Say): string {
  const bold = (text: string): string => paintOn(process.stdout)('bold', title(text, say))
  const codes = Object.entries({ ...EXIT_COMMON, ...exit })
  return [
    '',
    bold('Examples:'),
    ...examples.flatMap(({ line, text }) => [`  ${line}`, ...indented(say(text, '\n'), 6)]),
    '',
    bold('Exit codes:'),
    ...codes.map(([code, text]) => `  ${padded(code, 3)} ${indented(say(text, '\n'), 6).join('\n').trimStart()}`),
  ].join('\n')
}

function indented(text: string, by: number): string[] {
  return text.split('\n').map((line) => `${' '.repeat(by)}${line}`)
}

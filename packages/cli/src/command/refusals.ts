// The parser's errors in both languages: the cause, a suggestion if a similar word exists, and where to read.

import type { CommanderError } from 'commander'
import { UsageError } from '../usage-error.ts'
import type { Text } from './language.ts'

/** The parser's message has the wrong word in quotes, and the suggestion after "Did you mean". A test checks this for each kind of message. */
export function refusal({ code, message }: CommanderError, command: string): UsageError {
  const [, word = ''] = /'([^']*)'/.exec(message) ?? []
  const [, near] = /\(Did you mean (?:one of )?(.*?)\?\)/.exec(message) ?? []
  const { en, zh } = cause(code, word) ?? { en: message, zh: message }
  const maybe = near === undefined ? { en: '', zh: '' } : { en: ` Did you mean ${near}?`, zh: `是否想输入 ${near}？` }
  const help = `${command} --help`
  return new UsageError({ en: `${en}${maybe.en} See \`${help}\`.`, zh: `${zh}${maybe.zh}用法见 \`${help}\`。` })
}

function cause(code: string, word: string): Text | undefined {
  switch (code) {
    case 'commander.unknownCommand':
      return { en: `There is no command ${word}.`, zh: `没有命令 ${word}。` }
    case 'commander.unknownOption':
      return { en: `There is no option ${word}.`, zh: `没有选项 ${word}。` }
    case 'commander.optionMissingArgument':
      return { en: `The option ${word} needs a value.`, zh: `选项 ${word} 缺少值。` }
    case 'commander.missingMandatoryOptionValue':
      return { en: `The option ${word} is required.`, zh: `缺少必需的选项 ${word}。` }
    case 'commander.missingArgument':
      return { en: `The argument ${word} is missing.`, zh: `缺少参数 ${word}。` }
    case 'commander.excessArguments':
      return { en: `Too many arguments for ${word}.`, zh: `${word} 的参数过多。` }
    default:
      return undefined
  }
}

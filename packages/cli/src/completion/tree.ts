// What shell completion can offer at each place of the command line, from the declarations.

import type { Command, OptionDeclaration } from '../command/declaration.ts'
import type { Text } from '../command/language.ts'
import { LANG } from '../command/program.ts'

export interface Offer {
  word: string
  text: Text
}

export interface OfferedOption extends Offer {
  /** Undefined for a switch. `words` is empty for a value that cannot be completed. */
  value: { completes: 'file' | 'folder' } | { words: readonly string[] } | undefined
}

/** A place in the command line, after the words of `path`: '' at the beginning, or `orders show`. */
export interface Place {
  path: string
  commands: readonly Offer[]
  options: readonly OfferedOption[]
  /** Whether the place's argument is a file. */
  file: boolean
}

const HELP: OfferedOption = { word: '--help', text: { en: 'show help', zh: '显示帮助' }, value: undefined }
const VERSION: OfferedOption = { word: '--version', text: { en: 'show the version', zh: '显示版本' }, value: undefined }

export function places(commands: readonly Command[]): Place[] {
  const lang = offered('lang', LANG)
  const beginning: Place = { path: '', commands: commands.map(offer), options: [lang, VERSION, HELP], file: false }
  return [beginning, ...commands.flatMap((one) => placesOf(one, '', [lang, HELP]))]
}

function placesOf(command: Command, above: string, everywhere: readonly OfferedOption[]): Place[] {
  const path = `${above} ${command.name}`.trim()
  const { options, subcommands = [] } = command
  const own = Object.entries(options).map(([name, option]) => offered(name, option))
  const file = Object.values(command.arguments).some(({ completes }) => completes === 'file')
  return [
    { path, commands: subcommands.map(offer), options: [...own, ...everywhere], file },
    ...subcommands.flatMap((one) => placesOf(one, path, everywhere)),
  ]
}

function offer({ name, text }: Command): Offer {
  return { word: name, text }
}

function offered(name: string, { text, value, completes, choices }: OptionDeclaration): OfferedOption {
  const word = `--${name}`
  if (value === undefined) return { word, text, value: undefined }
  return { word, text, value: completes ? { completes } : { words: choices ?? [] } }
}

/** Options of any place that take a value: the word after such an option is not a command. */
export function valueOptions(all: readonly Place[]): string[] {
  return [...new Set(all.flatMap(({ options }) => options.filter(({ value }) => value !== undefined).map(({ word }) => word)))]
}

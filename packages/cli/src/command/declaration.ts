// What a command declares about itself. The parser, the help, the completion and the documented exit codes are all made from it.

import type { Say, Text } from './language.ts'
import type { Progress } from './progress.ts'
import type { Paint } from './terminal.ts'

export interface OptionDeclaration {
  readonly text: Text
  /** Placeholder of the option's value, such as FILE. Without one the option is a switch. */
  readonly value?: string
  /** May be repeated. */
  readonly many?: true
  readonly required?: true
  /** The environment variable that is read if the option is absent. */
  readonly env?: string
  readonly default?: string
  readonly choices?: readonly string[]
  /** What shell completion offers as the value. */
  readonly completes?: 'file' | 'folder'
  /** Reads the value. @throws UsageError */
  readonly read?: (text: string) => unknown
}

export interface ArgumentDeclaration {
  readonly text: Text
  readonly required?: true
  readonly many?: true
  readonly completes?: 'file'
}

/** By option name, without the dashes. */
export type Options = Readonly<Record<string, OptionDeclaration>>
/** By placeholder, in the order of the command line. */
export type Arguments = Readonly<Record<string, ArgumentDeclaration>>

export interface Example {
  readonly line: string
  readonly text: Text
}

type Read<D> = D extends { read: (text: string) => infer T } ? T : string
type IsThere = { default: string } | { required: true }

export type OptionValues<O> = {
  readonly [K in keyof O]: O[K] extends { value: string }
    ? O[K] extends { many: true }
      ? Read<O[K]>[] | undefined
      : O[K] extends IsThere
        ? Read<O[K]>
        : Read<O[K]> | undefined
    : boolean
}

export type ArgumentValues<A> = {
  readonly [K in keyof A]: A[K] extends { many: true } ? readonly string[] : A[K] extends { required: true } ? string : string | undefined
}

/** How a command writes its output: the language, colour or none, progress or none. */
export interface Talk {
  readonly say: Say
  /** Colours for standard output. */
  readonly paint: Paint
  readonly progress: (work: Text) => Progress
  /** Loads all commands; this takes a second. */
  readonly commands: () => Promise<readonly Command[]>
}

interface Described {
  readonly name: string
  /** The command's line in the list of commands. */
  readonly text: Text
  /** A longer description, in the command's own help. */
  readonly more?: Text
  readonly examples: readonly [Example, ...Example[]]
  /** Exit codes besides 0 and 2, which mean the same for every command. */
  readonly exit: Readonly<Record<number, Text>>
  readonly subcommands?: readonly Command[]
}

export interface Declaration<O extends Options, A extends Arguments> extends Described {
  readonly options: O
  readonly arguments?: A
  /** Resolves with the exit code. */
  run(options: OptionValues<O>, args: ArgumentValues<A>, talk: Talk): Promise<number>
}

/** A declaration without the types of its options. `run` is absent if only the subcommands do something. */
export interface Command extends Described {
  readonly options: Options
  readonly arguments: Arguments
  run?(options: Readonly<Record<string, unknown>>, args: Readonly<Record<string, unknown>>, talk: Talk): Promise<number>
}

export function command<const O extends Options, const A extends Arguments = Record<never, never>>(
  declaration: Declaration<O, A>,
): Command {
  return {
    arguments: {},
    ...declaration,
    // The parser makes both records from these same declarations (program.ts).
    run: (options, args, talk) => declaration.run(options as OptionValues<O>, args as ArgumentValues<A>, talk),
  }
}

/** A command that only groups subcommands. */
export function group(described: Described & { options?: Options }): Command {
  return { options: {}, arguments: {}, ...described }
}

export const EXIT_COMMON: Readonly<Record<0 | 2, Text>> = {
  0: { en: 'all is well', zh: '正常' },
  2: { en: 'usage error: an unknown option, a missing argument', zh: '用法错误：未知选项、缺少参数' },
}

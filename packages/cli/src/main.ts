#!/usr/bin/env node
// The cashdesk command: parses the command line, runs the named command, and ends with its exit code.

import { readFileSync } from 'node:fs'
import { errorText } from './command/error-text.ts'
import { languageOf, sayIn, type Text } from './command/language.ts'
import { execute } from './command/program.ts'
import { startProgress } from './command/progress.ts'
import { paintOn } from './command/terminal.ts'
import { COMMAND_NAMES, loadCommand, loadCommands } from './commands.ts'
import { followLauncher } from './launched.ts'
import { UsageError } from './usage-error.ts'

followLauncher()
const argv = process.argv.slice(2)
const say = sayIn(languageOf(argv, process.env))
const program = {
  text: {
    en: 'WeChat Pay for mini programs: a payment server, and a WeChat on loopback.',
    zh: '小程序微信支付：支付服务，以及本机微信环境。',
  },
  version: (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }).version,
  names: COMMAND_NAMES,
  load: loadCommand,
}
const talk = { say, paint: paintOn(process.stdout), progress: (work: Text) => startProgress(say(work, ' ')), commands: loadCommands }
execute(program, argv, talk).then(
  (code) => process.exit(code),
  (error: unknown) => {
    // Our errors say cause and fix; a stack trace would hide that.
    console.error(paintOn(process.stderr)('red', errorText(error, say)))
    process.exit(error instanceof UsageError ? 2 : 1)
  },
)

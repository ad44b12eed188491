#!/usr/bin/env node
// The cashdesk command: the first word says which.

import { CONFORMANCE_USAGE, runConformanceCommand } from '@cashdesk/conformance'
import { EMULATOR_USAGE, runEmulator } from '@cashdesk/emulator'
import { AUDIT_USAGE, audit } from './commands/audit.ts'
import { BACKUP_USAGE, backup, restore } from './commands/backup.ts'
import { DEV_USAGE, dev } from './commands/dev.ts'
import { EXPLAIN_USAGE, explain } from './commands/explain.ts'
import { INCIDENTS_USAGE, incidents } from './commands/incidents.ts'
import { KEYS_USAGE, keys } from './commands/keys.ts'
import { events, LOOK_USAGE, orders, refunds } from './commands/look.ts'
import { MIGRATE_USAGE, migrate } from './commands/migrate.ts'
import { REPAIR_USAGE, repair } from './commands/repair.ts'
import { SERVE_USAGE, serve } from './commands/serve.ts'
import { exportDatabase, importDatabase, TRANSFER_USAGE } from './commands/transfer.ts'
import { followLauncher } from './launched.ts'
import { isUsage } from './usage.ts'

const COMMANDS: Readonly<Record<string, (argv: readonly string[]) => Promise<number>>> = {
  dev,
  serve,
  explain,
  audit,
  keys,
  orders,
  refunds,
  events,
  incidents,
  migrate,
  repair,
  backup,
  restore,
  export: exportDatabase,
  import: importDatabase,
  emulator: (argv) => (argv[0] === 'conformance' ? runConformanceCommand(argv.slice(1)) : runEmulator(argv)),
}

const USAGE = `Usage: cashdesk <command>\n\n${[DEV_USAGE, SERVE_USAGE, EMULATOR_USAGE, CONFORMANCE_USAGE, EXPLAIN_USAGE, AUDIT_USAGE, KEYS_USAGE, LOOK_USAGE, INCIDENTS_USAGE, MIGRATE_USAGE, REPAIR_USAGE, BACKUP_USAGE, TRANSFER_USAGE].join('\n\n')}`

async function main(argv: readonly string[]): Promise<number> {
  const [name = '', ...rest] = argv
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!command || rest.includes('--help')) {
    console.log(USAGE)
    return name === '--help' || name === 'help' || rest.includes('--help') ? 0 : 2
  }
  return command(rest)
}

followLauncher()
main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    // Errors of ours say cause and fix; their stack would only hide it.
    console.error(error instanceof Error ? error.message : error)
    process.exit(isUsage(error) ? 2 : 1)
  },
)

// The list of commands, in the order of the help. Each is loaded when it is needed, because a server and an emulator take a second to load.

import type { Command } from './command/declaration.ts'

const LOADERS: Readonly<Record<string, () => Promise<Command>>> = {
  dev: async () => (await import('./commands/dev.ts')).dev,
  serve: async () => (await import('./commands/serve.ts')).serve,
  emulator: async () => (await import('./commands/emulator.ts')).emulator,
  explain: async () => (await import('./commands/explain.ts')).explain,
  audit: async () => (await import('./commands/audit.ts')).audit,
  keys: async () => (await import('./commands/keys.ts')).keys,
  orders: async () => (await import('./commands/orders.ts')).orders,
  refunds: async () => (await import('./commands/refunds.ts')).refunds,
  events: async () => (await import('./commands/events.ts')).events,
  reconcile: async () => (await import('./commands/reconcile.ts')).reconcile,
  incidents: async () => (await import('./commands/incidents.ts')).incidents,
  migrate: async () => (await import('./commands/migrate.ts')).migrate,
  repair: async () => (await import('./commands/repair.ts')).repair,
  backup: async () => (await import('./commands/backup.ts')).backup,
  restore: async () => (await import('./commands/restore.ts')).restore,
  export: async () => (await import('./commands/export.ts')).exportCommand,
  import: async () => (await import('./commands/import.ts')).importCommand,
  completion: async () => (await import('./commands/completion.ts')).completion,
}

export const COMMAND_NAMES: readonly string[] = Object.keys(LOADERS)

export async function loadCommand(name: string): Promise<Command | undefined> {
  return Object.hasOwn(LOADERS, name) ? LOADERS[name]?.() : undefined
}

export function loadCommands(): Promise<Command[]> {
  return Promise.all(Object.values(LOADERS).map((load) => load()))
}

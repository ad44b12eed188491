// A Node of this machine that is too old for the command, as a newcomer may have it. The one that npm scripts use is not it.

import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

export interface SystemNode {
  version: string
  /** Where `env node` finds it. */
  folder: string
}

/** `CASHDESK_OLD_NODE` names another one to try with. Without any, the tests that need one say so by being skipped. */
export const oldNode: SystemNode | undefined = [
  ...(process.env['CASHDESK_OLD_NODE'] ? [dirname(process.env['CASHDESK_OLD_NODE'])] : []),
  ...(process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules')),
]
  .filter((folder) => existsSync(join(folder, 'node')))
  .map((folder) => ({ folder, version: execFileSync(join(folder, 'node'), ['-p', 'process.versions.node']).toString().trim() }))
  .find(({ version }) => Number(version.split('.')[0]) < 24)

// Finds a Node on this machine that is too old for the command, as a new user may have it, and that is not the Node of the npm scripts.

import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

export interface SystemNode {
  version: string
  /** The folder in which `env node` finds it. */
  folder: string
}

/** `CASHDESK_OLD_NODE` names another one. If there is none, the tests that need it are skipped. */
export const oldNode: SystemNode | undefined = [
  ...(process.env['CASHDESK_OLD_NODE'] ? [dirname(process.env['CASHDESK_OLD_NODE'])] : []),
  ...(process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules')),
]
  .filter((folder) => existsSync(join(folder, 'node')))
  .map((folder) => ({ folder, version: execFileSync(join(folder, 'node'), ['-p', 'process.versions.node']).toString().trim() }))
  .find(({ version }) => Number(version.split('.')[0]) < 24)

// GET /backup: a copy of the database in use, for whoever holds an API key with the scope `backup` that acts for every merchant: all of them are in it.

import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { Hono } from 'hono'
import { keyFor } from '../access/who.ts'
import { Problem } from '../problem.ts'
import type { World } from '../world.ts'

/** What is known of the copy, as JSON. */
const MANIFEST_HEADER = 'cashdesk-backup'

export function backupRoutes(world: World): Hono {
  const routes = new Hono()
  let running = false
  routes.get('/backup', async (c) => {
    // Of a HEAD nobody would read the copy, and the room for it would never be cleared.
    if (c.req.method !== 'GET') throw new Problem('not_found')
    const key = await keyFor(world, c, 'backup')
    for (const id of world.merchants.keys())
      if (!key.merchants.includes(id)) throw new Problem('scope_missing', { scope: `backup for ${id}` })
    // PostgreSQL has its own tools.
    const { backupTo, folder } = world.store
    if (!backupTo || folder === undefined) throw new Problem('not_found')
    // One at a time.
    if (running) throw new Problem('too_many_requests', { retry_after_s: 10 })
    running = true
    try {
      // Beside the database: there is room for it, and nobody else may look.
      const room = await mkdtemp(join(folder, '.backup-'))
      const clear = (): void => {
        running = false
        void rm(room, { recursive: true, force: true })
      }
      try {
        const file = join(room, 'copy.db')
        const manifest = await backupTo(file)
        world.log('backup.made', { detail: `${manifest.bytes} bytes, ${manifest.violations.length} broken promises` })
        const headers = {
          'content-type': 'application/vnd.sqlite3',
          'content-length': String(manifest.bytes),
          [MANIFEST_HEADER]: JSON.stringify(manifest),
        }
        const stream = createReadStream(file).once('close', clear)
        return c.body(Readable.toWeb(stream) as ReadableStream, 200, headers)
      } catch (error) {
        clear()
        throw error
      }
    } catch (error) {
      running = false
      throw error
    }
  })
  return routes
}

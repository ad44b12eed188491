// GET /backup: a copy of the database in use. It contains all merchants, so it needs an API key with the scope `backup` that acts for every merchant.

import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { BACKUP_MANIFEST_HEADER } from '@cashdesk/contract'
import { Hono } from 'hono'
import { keyFor } from '../access/who.ts'
import { Problem } from '../problem.ts'
import type { World } from '../world.ts'

export function backupRoutes(world: World): Hono {
  const routes = new Hono()
  let running = false
  routes.get('/backup', async (c) => {
    // Hono also routes HEAD here. Nothing would read the copy then, so its folder would never be removed.
    if (c.req.method !== 'GET') throw new Problem('not_found')
    const key = await keyFor(world, c, 'backup')
    for (const id of world.merchants.keys())
      if (!key.merchants.includes(id)) throw new Problem('scope_missing', { scope: `backup for ${id}` })
    // Only SQLite is copied here; PostgreSQL has its own backup tools.
    const { backupTo, folder } = world.store
    if (!backupTo || folder === undefined) throw new Problem('not_found')
    // Only one backup at a time, because each writes a full copy of the database.
    if (running) throw new Problem('too_many_requests', { retry_after_s: 10 })
    running = true
    try {
      // The copy is made beside the database: the same disk, and a folder with the same restricted access.
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
          [BACKUP_MANIFEST_HEADER]: JSON.stringify(manifest),
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

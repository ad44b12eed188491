// What the example needs: a built mini program and the merchant's backend. Here these are the native shop and the shop's backend; in your project, your own.

import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import { createShopBackend } from '../../shop-backend/src/app.ts'

/** Where app.json is. */
export const bundle: string = mkdtempSync(join(tmpdir(), 'native-shop-'))
execFileSync('npm', ['run', 'build', '--', bundle], { cwd: join(import.meta.dirname, '../../native-shop') })

export async function startBackend(cashdesk: { server: string; api_key: string }): Promise<{ url: string; close(): void }> {
  const shop = createShopBackend({ cashdeskURL: cashdesk.server, apiKey: cashdesk.api_key, merchant: 'shop' })
  const server = serve({ fetch: shop.fetch, hostname: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close()
      shop.close()
    },
  }
}

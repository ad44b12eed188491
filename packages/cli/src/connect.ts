// The way to a payment server for commands: a running one over HTTP, or one that is opened here on configuration and database. The same client either way.

import { randomBytes } from 'node:crypto'
import { type CashdeskClient, createCashdeskClient, SCOPES } from '@cashdesk/contract'
import { createApp, createWorld, readConfig } from '@cashdesk/server'
import { openStore, StoreError } from '@cashdesk/store'
import { UsageError } from './usage.ts'

export const CONNECT_OPTIONS = {
  server: { type: 'string' },
  config: { type: 'string' },
  database: { type: 'string' },
} as const

export const CONNECT_USAGE = `  --server    a running server, such as http://127.0.0.1:8910, with the key in CASHDESK_API_KEY; otherwise:
  --config    the configuration; CASHDESK_CONFIG, or ./cashdesk.json
  --database  CASHDESK_DATABASE_URL, or sqlite:./data/cashdesk.db; a SQLite file must not be in use by a server`

export interface Connection {
  client: CashdeskClient
  close(): Promise<void>
}

interface Where {
  server?: string | undefined
  config?: string | undefined
  database?: string | undefined
}

/** `existing`: the command only reads, so it makes no database where there is none. */
export async function connect({ server, config, database }: Where, existing = false): Promise<Connection> {
  const { env } = process
  if (server !== undefined) {
    const apiKey = env['CASHDESK_API_KEY']
    if (!apiKey)
      throw new UsageError('--server wants an API key in CASHDESK_API_KEY.\n使用 --server 时须在 CASHDESK_API_KEY 中提供 API 密钥。')
    return { client: createCashdeskClient({ baseURL: server, apiKey }), close: async () => {} }
  }
  const known = readConfig(config ?? env['CASHDESK_CONFIG'] ?? './cashdesk.json')
  // Whoever holds the files may do everything; a key that lives as long as this command says so. Every command is the same holder of the files:
  // two commands are not two pairs of eyes.
  const apiKey = `once_${randomBytes(32).toString('base64url')}`
  const once = { id: 'config:files', key: apiKey, merchants: known.merchants.map(({ id }) => id), scopes: [...SCOPES] }
  const url = database ?? env['CASHDESK_DATABASE_URL'] ?? 'sqlite:./data/cashdesk.db'
  const store = await openStore(url, { data_keys: known.data_keys, existing }).catch((error: unknown) => {
    const inUse = error instanceof StoreError && error.code === 'STORE_IN_USE'
    throw inUse
      ? new Error(`${error.message}\nAsk the running server instead: --server URL.\n服务正在运行，请改用 --server URL。`, { cause: error })
      : error
  })
  const { fetch } = createApp(createWorld({ ...known, api_keys: [once] }, { store }))
  return {
    client: createCashdeskClient({ baseURL: 'http://cashdesk.local', apiKey, fetch: (request) => fetch(request) }),
    close: () => store.close(),
  }
}

/** One command over a connection, closed whatever happens. */
export async function connected<T>(where: Where, act: (client: CashdeskClient) => Promise<T>, existing = true): Promise<T> {
  const { client, close } = await connect(where, existing)
  try {
    return await act(client)
  } finally {
    await close()
  }
}

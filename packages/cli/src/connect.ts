// How a command reaches a payment server: over HTTP, or with the app itself opened in this process on configuration and database. Both give the same client.

import { randomBytes } from 'node:crypto'
import { type CashdeskClient, createCashdeskClient, SCOPES } from '@cashdesk/contract'
import { createApp, createWorld, readConfig } from '@cashdesk/server'
import { openStore, StoreError } from '@cashdesk/store'
import type { Say } from './command/language.ts'
import { UsageError } from './usage-error.ts'

interface Connection {
  client: CashdeskClient
  close(): Promise<void>
}

export interface Where {
  readonly server: string | undefined
  readonly config: string
  readonly database: string
}

/** `existing`: the command only reads, so a missing database is an error and is not created. */
async function connect({ server, config, database }: Where, say: Say, existing: boolean): Promise<Connection> {
  const language = say.language === 'zh' ? 'zh' : 'en'
  if (server !== undefined) {
    const apiKey = apiKeyOfServer()
    return { client: createCashdeskClient({ baseURL: server, apiKey, language }), close: async () => {} }
  }
  const known = readConfig(config)
  // A user who can read the files gets all scopes, with a key that lives as long as this command. The id is the same for every command,
  // so that two commands of one user do not count as the two people that a review needs.
  const apiKey = `once_${randomBytes(32).toString('base64url')}`
  const once = { id: 'config:files', key: apiKey, merchants: known.merchants.map(({ id }) => id), scopes: [...SCOPES] }
  const store = await openStore(database, { data_keys: known.data_keys, existing }).catch((error: unknown) => {
    const inUse = error instanceof StoreError && error.code === 'STORE_IN_USE'
    if (!inUse) throw error
    const [english] = error.message.split('\n')
    throw new Error(
      `${english} Ask the running server instead: --server URL.\n数据库正被另一个进程（通常是运行中的服务）使用，请改用 --server URL。`,
      {
        cause: error,
      },
    )
  })
  const { fetch } = createApp(createWorld({ ...known, api_keys: [once] }, { store }))
  return {
    client: createCashdeskClient({ baseURL: 'http://cashdesk.local', apiKey, language, fetch: (request) => fetch(request) }),
    close: () => store.close(),
  }
}

/** The API key for --server, from CASHDESK_API_KEY. @throws UsageError */
export function apiKeyOfServer(): string {
  const key = process.env['CASHDESK_API_KEY']
  if (key) return key
  throw new UsageError({
    en: '--server needs an API key in the environment variable CASHDESK_API_KEY. Make one with `cashdesk keys create`.',
    zh: '使用 --server 时须在环境变量 CASHDESK_API_KEY 中提供 API 密钥，可用 `cashdesk keys create` 创建。',
  })
}

/** Runs one action over a connection, and always closes it. */
export async function connected<T>(
  where: Where,
  say: Say,
  act: (client: CashdeskClient) => Promise<T>,
  { existing = true }: { existing?: boolean } = {},
): Promise<T> {
  const { client, close } = await connect(where, say, existing)
  try {
    return await act(client)
  } finally {
    await close()
  }
}

// `cashdesk keys`: makes, lists and revokes the API keys that are kept in the database.

import { parseArgs } from 'node:util'
import { type ApiKeyAnswer, createApiKeyRequest, SCOPES_DEFAULT } from '@cashdesk/contract'
import { CONNECT_OPTIONS, CONNECT_USAGE, connected } from '../connect.ts'
import { table } from '../table.ts'

export const KEYS_USAGE: string = `cashdesk keys create --name NAME --merchants ID,… [--scopes SCOPE,…] [--expires TIME] [--json]
cashdesk keys list [--json]
cashdesk keys revoke PREFIX [--with-children] [--json]

  --scopes    of orders:write, refunds:write, read, webhooks, metrics, admin; all but the last two when absent
  --expires   RFC 3339, such as 2027-01-01T00:00:00+08:00
  --with-children   also the keys that it made, directly or not
${CONNECT_USAGE}`

export async function keys(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      ...CONNECT_OPTIONS,
      name: { type: 'string' },
      merchants: { type: 'string' },
      scopes: { type: 'string' },
      expires: { type: 'string' },
      'with-children': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  })
  const [act, prefix] = positionals
  const print = (value: unknown, text: string): void => console.log(values.json ? JSON.stringify(value) : text)
  switch (act) {
    case 'create': {
      const wanted = createApiKeyRequest.safeParse({
        name: values.name,
        merchants: listOf(values.merchants) ?? [],
        scopes: listOf(values.scopes) ?? [...SCOPES_DEFAULT],
        expires_at: values.expires,
      })
      if (!wanted.success) {
        console.error(wanted.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'))
        console.error(KEYS_USAGE)
        return 2
      }
      // The first key may be made before the first start.
      const made = await connected(values, (client) => client.apiKeys.create(wanted.data), false)
      print(made, `${made.key}\n\nShown once: keep it now.  仅显示一次，请立即保存。`)
      return 0
    }
    case 'list': {
      const { data } = await connected(values, (client) => client.apiKeys.list())
      print(data, table(HEAD, data.map(row)))
      return 0
    }
    case 'revoke': {
      if (prefix === undefined) break
      const { revoked, children } = await connected(values, (client) =>
        client.apiKeys.revoke(prefix, values['with-children'] ? { with_children: '1' } : {}),
      )
      const lines = revoked.length > 0 ? revoked.map((one) => `${one} revoked  已吊销`) : [`${prefix} was revoked before  此前已吊销`]
      if (children.length > 0) lines.push(CHILDREN, table(HEAD, children.map(row)))
      print({ prefix, revoked, children }, lines.join('\n'))
      return 0
    }
  }
  console.log(KEYS_USAGE)
  return 2
}

const HEAD = ['prefix', 'name', 'merchants', 'scopes', 'expires', 'last used', 'revoked', 'made by']
const CHILDREN =
  '\nIt had made these, which still work; --with-children revokes them too:\n它创建的以下密钥仍然有效；加 --with-children 可一并吊销：'

function listOf(text: string | undefined): string[] | undefined {
  return text
    ?.split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
}

function row(key: ApiKeyAnswer): string[] {
  const { prefix, name, merchants, scopes, expires_at, last_used_at, revoked_at, made_by } = key
  return [
    prefix,
    name,
    merchants.join(','),
    scopes.join(','),
    expires_at ?? 'never',
    last_used_at ?? 'never',
    revoked_at ?? '',
    made_by ?? 'unknown',
  ]
}

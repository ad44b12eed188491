// `cashdesk keys`: creates, lists and revokes the API keys in the database.

import { type ApiKeyAnswer, createApiKeyRequest, SCOPES, SCOPES_DEFAULT } from '@cashdesk/contract'
import { type Command, command, group } from '../command/declaration.ts'
import { connected } from '../connect.ts'
import { CONNECT, JSON_OUTPUT, refused } from '../options.ts'
import { table } from '../table.ts'

const EXIT = {
  1: { en: 'the server refused, could not be reached, or there is no database', zh: '服务拒绝、无法连接，或没有数据库' },
} as const

const create: Command = command({
  name: 'create',
  text: { en: 'make an API key', zh: '创建 API 密钥' },
  more: { en: 'The key is shown once.', zh: '密钥只显示一次。' },
  options: {
    name: { value: 'NAME', required: true, text: { en: 'what it is for', zh: '用途' } },
    merchants: { value: 'ID,…', required: true, text: { en: 'merchants that it may act for', zh: '可代表的商户' } },
    scopes: {
      value: 'SCOPE,…',
      default: SCOPES_DEFAULT.join(','),
      text: { en: `of ${SCOPES.join(', ')}`, zh: `权限范围，可选 ${SCOPES.join('、')}` },
    },
    expires: {
      value: 'TIME',
      text: {
        en: 'RFC 3339, such as 2027-01-01T00:00:00+08:00; absent: never',
        zh: '到期时间，RFC 3339，例如 2027-01-01T00:00:00+08:00；未指定则不过期',
      },
    },
    json: JSON_OUTPUT,
    ...CONNECT,
  },
  examples: [
    {
      line: 'cashdesk keys create --name backend --merchants shop',
      text: { en: 'the first key, before the first start', zh: '首次启动之前创建第一个密钥' },
    },
    {
      line: 'cashdesk keys create --name backup --merchants shop,mall --scopes backup --server http://127.0.0.1:8910',
      text: { en: 'a key that may only make backups', zh: '只能用于备份的密钥' },
    },
  ],
  exit: EXIT,

  async run({ name, merchants, scopes, expires, json, ...where }, _, { say }) {
    const wanted = createApiKeyRequest.safeParse({ name, merchants: listOf(merchants), scopes: listOf(scopes), expires_at: expires })
    if (!wanted.success) throw refused(wanted.error.issues)
    // The first key may be created before the first start of the server, when there is no database yet.
    const made = await connected(where, say, (client) => client.apiKeys.create(wanted.data), { existing: false })
    console.log(
      json ? JSON.stringify(made) : `${made.key}\n\n${say({ en: 'Shown once: keep it now.', zh: '仅显示一次，请立即保存。' }, '  ')}`,
    )
    return 0
  },
})

const list: Command = command({
  name: 'list',
  text: { en: 'list API keys, without the keys themselves', zh: '列出 API 密钥（不含密钥本身）' },
  options: { json: JSON_OUTPUT, ...CONNECT },
  examples: [
    { line: 'cashdesk keys list --server http://127.0.0.1:8910', text: { en: 'who used which, and when', zh: '各密钥的使用情况' } },
  ],
  exit: EXIT,

  async run({ json, ...where }, _, { say }) {
    const { data } = await connected(where, say, (client) => client.apiKeys.list())
    console.log(json ? JSON.stringify(data) : table(HEAD, data.map(row)))
    return 0
  },
})

const revoke: Command = command({
  name: 'revoke',
  text: { en: 'revoke an API key; a running server refuses it at once', zh: '吊销 API 密钥，运行中的服务立即生效' },
  options: {
    'with-children': { text: { en: 'also the keys that it made, directly or not', zh: '同时吊销由它直接或间接创建的密钥' } },
    json: JSON_OUTPUT,
    ...CONNECT,
  },
  arguments: { PREFIX: { required: true, text: { en: 'as `cashdesk keys list` shows it', zh: '`cashdesk keys list` 列出的前缀' } } },
  examples: [
    {
      line: 'cashdesk keys revoke 0a1b2c3d --with-children --server http://127.0.0.1:8910',
      text: { en: 'after a key has leaked', zh: '密钥泄露之后' },
    },
  ],
  exit: EXIT,

  async run({ 'with-children': all, json, ...where }, { PREFIX: prefix }, { say }) {
    const { revoked, children } = await connected(where, say, (client) => client.apiKeys.revoke(prefix, all ? { with_children: '1' } : {}))
    const lines =
      revoked.length > 0
        ? revoked.map((one) => `${one} ${say({ en: 'revoked', zh: '已吊销' }, '  ')}`)
        : [`${prefix} ${say({ en: 'was revoked before', zh: '此前已吊销' }, '  ')}`]
    if (children.length > 0) lines.push('', say(CHILDREN, '\n'), table(HEAD, children.map(row)))
    console.log(json ? JSON.stringify({ prefix, revoked, children }) : lines.join('\n'))
    return 0
  },
})

export const keys: Command = group({
  name: 'keys',
  text: { en: 'make, list and revoke API keys', zh: '创建、列出、吊销 API 密钥' },
  options: { json: JSON_OUTPUT, ...CONNECT },
  examples: [{ line: 'cashdesk keys list', text: { en: 'from ./data/cashdesk.db', zh: '读取 ./data/cashdesk.db' } }],
  exit: EXIT,
  subcommands: [create, list, revoke],
})

const HEAD = ['prefix', 'name', 'merchants', 'scopes', 'expires', 'last used', 'revoked', 'made by']
const CHILDREN = {
  en: 'It had made these, which still work; --with-children revokes them too:',
  zh: '它创建的以下密钥仍然有效；加 --with-children 可一并吊销：',
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
}

function row({ prefix, name, merchants, scopes, expires_at, last_used_at, revoked_at, made_by }: ApiKeyAnswer): string[] {
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

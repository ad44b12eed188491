// Options that several commands share, and how their values are read.

import type { Text } from './command/language.ts'
import { UsageError } from './usage-error.ts'

export const CONFIG = {
  value: 'FILE',
  env: 'CASHDESK_CONFIG',
  default: './cashdesk.json',
  completes: 'file',
  text: { en: 'the configuration', zh: '配置文件' },
} as const

export const DATABASE = {
  value: 'URL',
  env: 'CASHDESK_DATABASE_URL',
  default: 'sqlite:./data/cashdesk.db',
  text: {
    en: 'the database, sqlite:PATH or postgres://…; a SQLite file must not be in use by a server',
    zh: '数据库，sqlite:PATH 或 postgres://…；SQLite 文件不能正被服务使用',
  },
} as const

export const SERVER = {
  value: 'URL',
  text: {
    en: 'ask a running server, such as http://127.0.0.1:8910, with the API key in CASHDESK_API_KEY; absent: open the database directly',
    zh: '访问运行中的服务，例如 http://127.0.0.1:8910，API 密钥取自 CASHDESK_API_KEY；未指定时直接打开数据库',
  },
} as const

/** For commands that work through a running server (--server) or directly on the files. */
export const CONNECT: { server: typeof SERVER; config: typeof CONFIG; database: typeof DATABASE } = {
  server: SERVER,
  config: CONFIG,
  database: DATABASE,
}

export const JSON_OUTPUT = { text: { en: 'JSON for programs', zh: '输出 JSON，供程序读取' } } as const

export const MERCHANT = {
  value: 'ID',
  text: { en: 'of which merchant; not needed where there is only one', zh: '商户；只有一个时可省略' },
} as const

export const PAGE = {
  limit: { value: 'N', text: { en: 'how many: 20, up to 100', zh: '条数：默认 20，最多 100' } },
  after: { value: 'CURSOR', text: { en: 'go on after the cursor that the page before ended with', zh: '从上一页末尾给出的游标继续' } },
} as const

/** @throws UsageError */
export function port(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isInteger(value) || value < 0 || value > 65_535)
    throw new UsageError({ en: `A port is a number from 0 to 65535, not ${text}.`, zh: `端口须为 0 到 65535 的整数，不能是 ${text}。` })
  return value
}

/** An error for option values that a schema refused: `--limit: …`, one line each. */
export function refused(issues: readonly { path: readonly PropertyKey[]; message: string }[]): UsageError {
  const line = ({ path, message }: (typeof issues)[number]): Text => ({
    en: `--${path.join('.')}: ${message}`,
    zh: `--${path.join('.')} 的值无效：${message}`,
  })
  const texts = issues.map(line)
  return new UsageError({ en: texts.map(({ en }) => en).join('; '), zh: texts.map(({ zh }) => zh).join('；') })
}

// The server's configuration: one JSON file, checked as a whole. Every fault is listed at once, and no message contains a secret.

import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type Scope, scope } from '@cashdesk/contract'
import { z } from 'zod'
import { rangeOf } from '../access/address.ts'
import type { Limits } from '../access/limits.ts'
import { contradictions } from './contradictions.ts'
import { type Faults, faultList } from './faults.ts'
import { keyFaults } from './keys.ts'

export interface Config {
  /** The address under which WeChat reaches this server; the notify_url begins with it. */
  public_url: string
  /** Other addresses than WeChat's own, for the emulator. */
  wechat: { pay_url?: string | undefined; api_url?: string | undefined }
  api_keys: ApiKeyConfig[]
  apps: { appid: string; app_secret: string }[]
  /**
   * Addresses and ranges of your own proxies, whose X-Forwarded-For is believed. `[]`: there
   * is no proxy. Absent: X-Forwarded-For is never believed, and no caller counts as local.
   */
  trusted_proxies?: string[] | undefined
  /** Hosts of your own network that events may be sent to; public https needs no entry. */
  webhooks: { allow: string[] }
  merchants: MerchantConfig[]
  /** Keys that seal openids in the database, 32 bytes in base64 each: the first seals, all open. Read only at the start. */
  data_keys?: string[] | undefined
  /** Limits per caller; absent ones have their defaults (limits.ts). */
  limits?: { [name in keyof Limits]?: Limits[name] | undefined } | undefined
}

export interface ApiKeyConfig {
  /**
   * Identifies the key in histories and the audit log; derived from its hash when absent.
   * Only set by commands that open the files themselves, never by a configuration file.
   */
  id?: string | undefined
  /** The key itself, or … */
  key?: string | undefined
  /** … its SHA-256 in hex, so that the file contains no usable key. */
  key_hash?: string | undefined
  /** Ids of the merchants it may act for. */
  merchants: string[]
  /** All but `admin` when absent. */
  scopes?: Scope[] | undefined
  /** RFC 3339; the key never expires when absent. */
  expires_at?: string | undefined
}

export interface MerchantConfig {
  id: string
  /** The merchant that signs: `mchid`, or the service provider's. */
  mchid: string
  serial_no: string
  /** PEM. */
  private_key: string
  /** PEM of apiclient_cert.pem, used only to warn before it expires. */
  certificate?: string | undefined
  /** Several during a change of the key: each is tried. */
  api_v3_key: string | readonly string[]
  /** PEM by `PUB_KEY_ID_…`. */
  public_keys: Record<string, string>
  /** Whether platform certificates are downloaded. */
  platform_certificates: boolean
  /** Appids of the mini programs that may pay; each is also in `apps`. */
  appids: string[]
  /** Present for a service provider: the sub-merchant that it collects for. */
  partner?: { sp_appid: string; sub_mchid: string; sub_appid?: string | undefined } | undefined
}

/** A configuration that cannot be used, with all its faults, one line each. */
export class ConfigError extends Error {
  readonly faults: readonly string[]

  constructor(file: string, faults: readonly string[]) {
    super(`The configuration ${file} cannot be used:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`)
    this.name = 'ConfigError'
    this.faults = faults
  }
}

/** Reads and checks the file. Any text may be in a separate file, named by the same field with `_file`. @throws ConfigError with all faults */
export function readConfig(file: string): Config {
  const faults = faultList()
  const raw = withFiles(parseJson(file), dirname(resolve(file)), '', faults)
  return checked(raw, file, faults)
}

/**
 * Checks a configuration, including keys and certificates and whether they belong together. Nothing is sent over the network.
 * @throws ConfigError with all faults
 */
export function checkConfig(raw: unknown, file = '(given in code)'): Config {
  return checked(raw, file, faultList())
}

function checked(raw: unknown, file: string, faults: Faults): Config {
  const parsed = schema.safeParse(raw)
  // The schema reports the same faults in the same order in Chinese.
  const chinese = schema.safeParse(raw, { error: z.locales.zhCN().localeError }).error?.issues ?? []
  for (const [i, { path, message }] of (parsed.error?.issues ?? []).entries()) faults.add(path, message, chinese[i]?.message ?? message)
  contradictions(raw, faults)
  keyFaults(raw, faults)
  const all = faults.all(raw)
  if (all.length > 0 || !parsed.data) throw new ConfigError(file, all)
  return parsed.data
}

/** Checks the keys of a configuration that did not come from a file. @throws ConfigError when they cannot work */
export function refuseWrongKeys(config: Config): void {
  const faults = faultList()
  keyFaults(config, faults)
  const all = faults.all(config)
  if (all.length > 0) throw new ConfigError('(given in code)', all)
}

const limit = z.strictObject({ per_second: z.number().positive(), burst: z.number().min(1) })
const proxy = z.string().refine(isRange, {
  error: 'an address or a range, such as 127.0.0.1, 10.0.0.0/8 or ::1 · IP 地址或网段，例如 127.0.0.1、10.0.0.0/8 或 ::1',
})

function isRange(text: string): boolean {
  try {
    rangeOf(text)
    return true
  } catch {
    return false
  }
}

const url = z.url({ protocol: /^https?$/ })
const apiV3Key = z.string().length(32, { error: '32 characters · 须为 32 个字符' })
const dataKey = z.string().regex(/^[A-Za-z0-9+/]{43}=$/, {
  error: '32 random bytes in base64: openssl rand -base64 32 · 32 字节随机数的 base64：openssl rand -base64 32',
})
const schema: z.ZodType<Config> = z.strictObject({
  public_url: url.transform((address) => address.replace(/\/+$/, '')),
  wechat: z.strictObject({ pay_url: url.optional(), api_url: url.optional() }).default({}),
  api_keys: z.array(
    z.strictObject({
      key: z.string().min(24, { error: 'at least 24 characters · 至少 24 个字符' }).optional(),
      key_hash: z
        .string()
        .regex(/^[0-9a-fA-F]{64}$/, { error: 'SHA-256 of the key: 64 hexadecimal digits · 密钥的 SHA-256：64 位十六进制' })
        .optional(),
      merchants: z.array(z.string()).min(1),
      scopes: z.array(scope).min(1).optional(),
      expires_at: z.iso.datetime({ offset: true }).optional(),
    }),
  ),
  apps: z.array(z.strictObject({ appid: z.string().min(1), app_secret: z.string().min(1) })),
  trusted_proxies: z.array(proxy).optional(),
  webhooks: z.strictObject({ allow: z.array(z.string().min(1)) }).default({ allow: [] }),
  limits: z.strictObject({ api_key: limit, session: limit, login_address: limit, wechat: limit }).partial().optional(),
  // A string is the content of a file: one key per line.
  data_keys: z.preprocess((keys) => (typeof keys === 'string' ? keys.trim().split(/\s+/) : keys), z.array(dataKey).min(1).optional()),
  merchants: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,31}$/, { error: '1–32 of a-z 0-9 _ - · 1–32 个字符：a-z 0-9 _ -' }),
        mchid: z.string().regex(/^[0-9]{6,32}$/, { error: 'digits only · 只能是数字' }),
        serial_no: z.string().regex(/^[0-9A-Fa-f]{8,40}$/, {
          error: 'hexadecimal serial number of the merchant API certificate · 商户 API 证书的十六进制序列号',
        }),
        private_key: z.string(),
        certificate: z.string().optional(),
        api_v3_key: z.union([apiV3Key, z.array(apiV3Key).min(1)]),
        public_keys: z.record(z.string(), z.string()).default({}),
        platform_certificates: z.boolean().default(false),
        appids: z.array(z.string()).min(1),
        partner: z.strictObject({ sp_appid: z.string(), sub_mchid: z.string(), sub_appid: z.string().optional() }).optional(),
      }),
    )
    .min(1),
})

function parseJson(file: string): unknown {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    const missing = (cause as { code?: string }).code === 'ENOENT'
    throw new ConfigError(file, [missing ? 'the file does not exist · 文件不存在' : 'the file cannot be read · 文件无法读取'])
  }
  try {
    return JSON.parse(text)
  } catch (cause) {
    // The parser's message quotes its input, which contains secrets; the line number is enough.
    const at = /position ([0-9]+)/.exec(String(cause))?.[1]
    const line = at === undefined ? undefined : text.slice(0, Number(at)).split('\n').length
    const where = line === undefined ? '' : ` (line ${line} · 第 ${line} 行)`
    throw new ConfigError(file, [`the file is not readable as JSON${where} · 文件不是有效的 JSON`])
  }
}

/** Replaces each `x_file: path` by `x: content`, below any object. */
function withFiles(value: unknown, folder: string, where: string, faults: Faults): unknown {
  if (Array.isArray(value)) return value.map((item, i) => withFiles(item, folder, `${where}${i}.`, faults))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      if (!name.endsWith('_file') || typeof inner !== 'string') return [name, withFiles(inner, folder, `${where}${name}.`, faults)]
      const field = name.slice(0, -'_file'.length)
      try {
        const content = readFileSync(resolve(folder, inner), 'utf8').trim()
        faults.fromFile(`${where}${field}`, inner)
        return [field, content]
      } catch (cause) {
        const missing = (cause as { code?: string }).code === 'ENOENT'
        faults.unread(
          `${where}${field}`,
          missing ? `there is no file ${inner} in ${folder}` : `cannot read ${inner}`,
          missing ? `找不到文件 ${inner}（目录 ${folder}）` : `无法读取 ${inner}`,
        )
        return [field, '']
      }
    }),
  )
}

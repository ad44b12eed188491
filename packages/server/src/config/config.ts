// What the server is told: one JSON file, checked whole, with every fault listed at once and no secret in any message.

import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type Scope, scope } from '@cashdesk/contract'
import { z } from 'zod'
import { rangeOf } from './access/address.ts'
import { readCertificate } from './health/own-certificate.ts'
import type { Limits } from './limits.ts'

export interface Config {
  /** Where WeChat reaches this server; the notify_url begins with it. */
  public_url: string
  /** Other addresses of WeChat, for the emulator. */
  wechat: { pay_url?: string | undefined; api_url?: string | undefined }
  api_keys: ApiKeyConfig[]
  apps: { appid: string; app_secret: string }[]
  /**
   * Addresses and ranges of your own proxies, whose X-Forwarded-For is believed. `[]`: there is none in front. Absent: nobody is believed, and nobody
   * counts as local.
   */
  trusted_proxies?: string[] | undefined
  /** Hosts of your own network that events may be sent to; public https needs no entry. */
  webhooks: { allow: string[] }
  merchants: MerchantConfig[]
  /** What openids are sealed with in the database, 32 bytes in base64 each: the first seals, all open. Read at the start only. */
  data_keys?: string[] | undefined
  /** How much one caller may ask; what is absent is the default (limits.ts). */
  limits?: { [name in keyof Limits]?: Limits[name] | undefined } | undefined
}

export interface ApiKeyConfig {
  /** Who it is in histories and the audit log; from its hash when absent. Set by commands that open the files themselves, never by a configuration file. */
  id?: string | undefined
  /** The key itself, or … */
  key?: string | undefined
  /** … its SHA-256 in hex, so that the file opens nothing. */
  key_hash?: string | undefined
  /** Ids of the merchants it may act for. */
  merchants: string[]
  /** All but `admin` when absent. */
  scopes?: Scope[] | undefined
  /** RFC 3339; never when absent. */
  expires_at?: string | undefined
}

export interface MerchantConfig {
  id: string
  /** The merchant that signs: `mchid`, or the service provider's. */
  mchid: string
  serial_no: string
  /** PEM. */
  private_key: string
  /** PEM of apiclient_cert.pem: only so that its end is told in time. */
  certificate?: string | undefined
  /** Several while it is being changed: each is tried. */
  api_v3_key: string | readonly string[]
  /** PEM by `PUB_KEY_ID_…`. */
  public_keys: Record<string, string>
  /** Whether platform certificates are downloaded. */
  platform_certificates: boolean
  /** Mini programs that may pay, each also in `apps`. */
  appids: string[]
  /** Present for a service provider: whom it collects for. */
  partner?: { sp_appid: string; sub_mchid: string; sub_appid?: string | undefined } | undefined
}

/** What is wrong with a configuration: one line a fault. */
export class ConfigError extends Error {
  readonly faults: readonly string[]

  constructor(file: string, faults: readonly string[]) {
    super(`The configuration ${file} cannot be used:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`)
    this.name = 'ConfigError'
    this.faults = faults
  }
}

/** Reads and checks the file. Any text may come from a file of its own, named by the same field with `_file`. @throws ConfigError */
export function readConfig(file: string): Config {
  const faults: string[] = []
  const raw = withFiles(parseJson(file), dirname(resolve(file)), '', faults)
  if (faults.length > 0) throw new ConfigError(file, faults)
  return checkConfig(raw, file)
}

/** @throws ConfigError */
export function checkConfig(raw: unknown, file = '(given in code)'): Config {
  const parsed = schema.safeParse(raw)
  if (!parsed.success)
    throw new ConfigError(
      file,
      parsed.error.issues.map((issue) => `${issue.path.join('.') || '(top)'}: ${issue.message}`),
    )
  const faults = contradictions(parsed.data)
  if (faults.length > 0) throw new ConfigError(file, faults)
  return parsed.data
}

const limit = z.strictObject({ per_second: z.number().positive(), burst: z.number().min(1) })
const proxy = z.string().refine(isRange, { error: 'an address or a range, such as 127.0.0.1, 10.0.0.0/8 or ::1' })

function isRange(text: string): boolean {
  try {
    rangeOf(text)
    return true
  } catch {
    return false
  }
}

const url = z.url({ protocol: /^https?$/ })
const apiV3Key = z.string().length(32, { error: '32 characters' })
const dataKey = z.string().regex(/^[A-Za-z0-9+/]{43}=$/, { error: '32 random bytes in base64: openssl rand -base64 32' })
const schema: z.ZodType<Config> = z.strictObject({
  public_url: url.transform((address) => address.replace(/\/+$/, '')),
  wechat: z.strictObject({ pay_url: url.optional(), api_url: url.optional() }).default({}),
  api_keys: z.array(
    z.strictObject({
      key: z.string().min(24, { error: 'at least 24 characters' }).optional(),
      key_hash: z
        .string()
        .regex(/^[0-9a-fA-F]{64}$/, { error: 'SHA-256 of the key: 64 hexadecimal digits' })
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
  // Text is what a file holds: one key a line.
  data_keys: z.preprocess((keys) => (typeof keys === 'string' ? keys.trim().split(/\s+/) : keys), z.array(dataKey).min(1).optional()),
  merchants: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,31}$/, { error: '1–32 of a-z 0-9 _ -' }),
        mchid: z.string().regex(/^[0-9]{6,32}$/, { error: 'digits only' }),
        serial_no: z.string().regex(/^[0-9A-Fa-f]{8,40}$/, { error: 'hexadecimal serial number of the merchant API certificate' }),
        private_key: z.string().includes('PRIVATE KEY', { error: 'PEM of apiclient_key.pem' }),
        certificate: z.string().includes('CERTIFICATE', { error: 'PEM of apiclient_cert.pem' }).optional(),
        api_v3_key: z.union([apiV3Key, z.array(apiV3Key).min(1)]),
        public_keys: z.record(z.string(), z.string()).default({}),
        platform_certificates: z.boolean().default(false),
        appids: z.array(z.string()).min(1),
        partner: z.strictObject({ sp_appid: z.string(), sub_mchid: z.string(), sub_appid: z.string().optional() }).optional(),
      }),
    )
    .min(1),
})

function contradictions(config: Config): string[] {
  const faults: string[] = []
  const known = new Set(config.merchants.map((merchant) => merchant.id))
  if (known.size < config.merchants.length) faults.push('merchants: two have the same id')
  config.api_keys.forEach((key, i) => {
    if ((key.key === undefined) === (key.key_hash === undefined)) faults.push(`api_keys.${i}: give key or key_hash, one of them`)
    for (const id of key.merchants) if (!known.has(id)) faults.push(`api_keys.${i}.merchants: no merchant is called ${id}`)
  })
  for (const merchant of config.merchants) {
    if (Object.keys(merchant.public_keys).length === 0 && !merchant.platform_certificates) {
      faults.push(`merchants.${merchant.id}: give public_keys, or platform_certificates: true, or both`)
    }
    faults.push(...certificateFaults(merchant))
    for (const appid of merchant.appids) {
      if (!config.apps.some((app) => app.appid === appid)) faults.push(`merchants.${merchant.id}.appids: ${appid} is not in apps`)
    }
  }
  return faults
}

function certificateFaults({ id, serial_no, certificate }: MerchantConfig): string[] {
  if (certificate === undefined) return []
  try {
    const { serial } = readCertificate(certificate)
    return serial.toUpperCase() === serial_no.toUpperCase()
      ? []
      : [`merchants.${id}.certificate: its serial number is ${serial}, not serial_no`]
  } catch {
    return [`merchants.${id}.certificate: not a certificate`]
  }
}

function parseJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    const reason = (cause as { code?: string }).code === 'ENOENT' ? 'the file does not exist' : 'the file is not readable as JSON'
    throw new ConfigError(file, [reason])
  }
}

/** Replaces each `x_file: path` by `x: content`, below any object. */
function withFiles(value: unknown, folder: string, where: string, faults: string[]): unknown {
  if (Array.isArray(value)) return value.map((item, i) => withFiles(item, folder, `${where}${i}.`, faults))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      if (!name.endsWith('_file') || typeof inner !== 'string') return [name, withFiles(inner, folder, `${where}${name}.`, faults)]
      try {
        return [name.slice(0, -'_file'.length), readFileSync(resolve(folder, inner), 'utf8').trim()]
      } catch {
        faults.push(`${where}${name}: cannot read ${inner}`)
        return [name, inner]
      }
    }),
  )
}

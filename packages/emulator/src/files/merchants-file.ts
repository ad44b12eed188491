// The merchants file: merchants beside the two that are always there, with numbers that the user chooses.
// Keys and secrets that it leaves out are made by the emulator.

import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { certificate } from '@cashdesk/protocol'
import type { App, ExtraMerchant } from '../platform/merchants/accounts.ts'
import { isKeyKind, KEY_KINDS, type KeyKind } from '../platform/merchants/key-kind.ts'
import { type MerchantKeys, merchantKeys } from '../platform/merchants/keys.ts'
import { type Clock, systemClock } from '../ports/clock.ts'
import { type Random, systemRandom } from '../ports/random.ts'
import { type Fields, fieldsOf, listOf, matching, optional } from './fields.ts'

const MCHID = { pattern: /^\d{8,10}$/, en: 'a merchant number of 8 to 10 digits', zh: '8 至 10 位数字的商户号' }
const APPID = { pattern: /^wx[0-9a-z]{16}$/, en: 'an appid: wx and 16 characters', zh: '以 wx 开头的 18 位 appid' }
const KEY_32 = { pattern: /^[\x21-\x7e]{32}$/, en: '32 ASCII characters', zh: '32 个 ASCII 字符' }
const KEYS = { pattern: new RegExp(`^(?:${KEY_KINDS.join('|')})$`), en: KEY_KINDS.join(', '), zh: KEY_KINDS.join('、') }
const TEXT = { pattern: /./, en: 'text', zh: '字符串' }

/** Reads the merchants file. `kept` are keys generated at an earlier start. @throws TypeError that names the field, cause and fix, in English and Chinese */
export async function readMerchants(
  file: string,
  kept: Readonly<Record<string, MerchantKeys>> = {},
  clock: Clock = systemClock,
  random: Random = systemRandom,
): Promise<ExtraMerchant[]> {
  const root = fieldsOf(parse(file, await readFile(file, 'utf8')), file)
  const merchants = await Promise.all(
    listOf(root, 'merchants').map(async (fields): Promise<ExtraMerchant> => {
      const mchid = matching(fields, 'mchid', MCHID)
      return {
        mchid,
        keyKind: keyKindOf(fields),
        apps: listOf(fields, 'apps').map((app) => appOf(app)),
        subMerchants: listOf(fields, 'sub_merchants').map((sub) => ({
          sub_mchid: matching(sub, 'sub_mchid', MCHID),
          apps: listOf(sub, 'apps').map((app) => appOf(app)),
        })),
        keys: await ownKeys(fields, dirname(resolve(file)), kept[mchid] ?? (await merchantKeys(clock.now(), random, mchid))),
      }
    }),
  )
  const numbers = merchants.flatMap(({ mchid, subMerchants }) => [mchid, ...subMerchants.map(({ sub_mchid }) => sub_mchid)])
  const twice = numbers.find((mchid, at) => numbers.indexOf(mchid) < at)
  if (twice !== undefined) throw new TypeError(`${file}: ${twice} is there twice / 商户号 ${twice} 重复`)
  return merchants
}

/** Without `keys`, the merchant has what the others have. */
function keyKindOf(fields: Fields): KeyKind | undefined {
  const keys = optional(fields, 'keys', KEYS)
  return isKeyKind(keys) ? keys : undefined
}

/** An AppSecret that was left out is derived, so it is the same at every start. */
function appOf(fields: Fields): App {
  const appid = matching(fields, 'appid', APPID)
  return { appid, app_secret: optional(fields, 'app_secret', KEY_32) ?? createHash('md5').update(appid).digest('hex') }
}

/** Uses the merchant's own keys where the file gives them. The private key is not needed, because WeChat does not have it either. */
async function ownKeys(fields: Fields, folder: string, made: MerchantKeys): Promise<MerchantKeys> {
  const certificatePath = optional(fields, 'merchant_cert_path', TEXT)
  const pem = certificatePath === undefined ? undefined : await readFile(resolve(folder, certificatePath), 'utf8')
  return {
    ...made,
    ...(pem !== undefined && { merchant_cert: pem, merchant_serial: certificate(pem).serial_no, merchant_key: '' }),
    api_v3_key: optional(fields, 'api_v3_key', KEY_32) ?? made.api_v3_key,
    api_v2_key: optional(fields, 'api_v2_key', KEY_32) ?? made.api_v2_key,
  }
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new TypeError(`${file} is not JSON: ${cause instanceof Error ? cause.message : cause} / 不是合法的 JSON`)
  }
}

// D4, C7: keys that cannot work are refused at the start, offline, before a database is created: every fault of schema, cross-checks and keys at once, each
// with merchant, field, file and remedy, and without any secret.

import { execFileSync } from 'node:child_process'
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEmulator, type EmulatorSettings, virtualClock } from '@cashdesk/emulator'
import { type Config, ConfigError, checkConfig, readConfig, startServer } from '@cashdesk/server'
import { configForEmulator } from 'cashdesk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

let folder: string
let settings: EmulatorSettings
let sound: Config
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cashdesk-config-'))
  ;({ settings } = await createEmulator({ clock: virtualClock(0), fetch: async () => new Response(null) }))
  sound = configForEmulator(settings, { public_url: 'http://127.0.0.1:1', api_key: 'cd_test_0123456789abcdef' })
})
afterAll(() => rmSync(folder, { recursive: true }))

type Merchant = Config['merchants'][number]

function faultsOf(raw: unknown): string[] {
  try {
    checkConfig(raw)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return [...error.faults]
    throw error
  }
}

const shop = (change: Partial<Record<keyof Merchant, unknown>>): unknown => ({
  ...sound,
  merchants: sound.merchants.map((one) => (one.id === 'shop' ? { ...one, ...change } : one)),
})
const wechatIs = (pem: string): Partial<Merchant> => ({ public_keys: { [settings.public_key_id]: pem } })

test('D4: a sound configuration has no faults', () => {
  expect(faultsOf(sound)).toEqual([])
})

describe('D4: a configuration that cannot work is refused with the fault and its remedy in both languages', () => {
  const cases: [string, () => unknown, string, RegExp, RegExp][] = [
    [
      'own certificate as WeChat’s key',
      () => shop(wechatIs(settings.merchant_cert)),
      'public_keys',
      /it is a certificate; .*pub_key\.pem/,
      /这是证书/,
    ],
    ['own private key as WeChat’s key', () => shop(wechatIs(settings.merchant_key)), 'public_keys', /it is a private key/, /这是私钥/],
    [
      'own public key as WeChat’s key',
      () => shop(wechatIs(ownPublic())),
      'public_keys',
      /the merchant’s own key \(of shop\)/,
      /商户自己的密钥/,
    ],
    [
      'another merchant’s key beside the certificate',
      () => shop({ private_key: settings.sp.merchant_key }),
      'private_key',
      /does not belong to the certificate/,
      /私钥与商户证书不匹配/,
    ],
    [
      'another merchant’s key, without a certificate',
      () => foreign(),
      'private_key',
      /it is the key of shop, whose mchid is another/,
      /商户号不同/,
    ],
    [
      'another merchant’s certificate',
      () => shop({ certificate: certificateOf('1900000099') }),
      'certificate',
      /belongs to merchant [0-9]+, not [0-9]+/,
      /证书属于商户/,
    ],
    [
      'another serial number',
      () => shop({ serial_no: '0123456789ABCDEF' }),
      'certificate',
      /its serial number is [0-9A-F]+, not serial_no/,
      /序列号/,
    ],
    ['a path for a key', () => shop({ private_key: 'keys/apiclient_key.pem' }), 'private_key', /path of a file.*_file/, /文件路径/],
    ['the certificate for the key', () => shop({ private_key: settings.merchant_cert }), 'private_key', /it is a certificate/, /这是证书/],
    [
      'a serial for the id of the public key',
      () => shop({ public_keys: { '7132D72A': settings.public_key } }),
      'public_keys',
      /PUB_KEY_ID_…/,
      /公钥 ID/,
    ],
    ['an APIv3 key of other bytes', () => shop({ api_v3_key: '密'.repeat(32) }), 'api_v3_key', /needs 32 bytes, has 96/, /须为 32 字节/],
    ['no way to verify', () => shop({ public_keys: {} }), '', /give public_keys, or platform_certificates/, /请填写 public_keys/],
  ]
  /** As the merchant platform issues it: its common name is the merchant number. */
  const certificateOf = (name: string): string => {
    const file = join(folder, 'own.pem')
    writeFileSync(file, settings.merchant_key)
    return execFileSync('openssl', ['req', '-x509', '-key', file, '-subj', `/CN=${name}/O=wechat`, '-days', '9'], { encoding: 'utf8' })
  }
  const ownPublic = (): string => createPublicKey(settings.merchant_key).export({ type: 'spki', format: 'pem' }).toString()
  const foreign = (): unknown => ({
    ...sound,
    merchants: sound.merchants.map(({ certificate: _, ...one }) =>
      one.id === 'mall' ? { ...one, private_key: settings.merchant_key } : one,
    ),
  })

  test.each(cases)('%s', (_, raw, field, en, zh) => {
    const faults = faultsOf(raw())
    const fault = faults.find((one) => en.test(one)) ?? faults.join('\n')
    expect(fault).toMatch(en)
    expect(fault).toMatch(zh)
    expect(fault).toMatch(field === '' ? /^merchants\.shop: / : new RegExp(`^merchants\\.(shop|mall)\\.${field}`))
    // The message contains nothing of any key.
    for (const secret of [settings.merchant_key, settings.sp.merchant_key, settings.api_v3_key])
      for (const line of secret.split('\n').filter((one) => one.length > 16 && !one.startsWith('-----')))
        expect(faults.join()).not.toContain(line)
  })
})

test('D3: a program that is neither the provider’s nor the sub-merchant’s is refused, because every order would be', () => {
  const other = 'wx0000000000000009'
  const raw = {
    ...sound,
    apps: [...sound.apps, { appid: other, app_secret: 'x' }],
    merchants: sound.merchants.map((one) => (one.id === 'mall' ? { ...one, appids: [...one.appids, other] } : one)),
  }
  expect(faultsOf(raw)).toEqual([expect.stringMatching(/^merchants\.mall\.appids: wx0000000000000009 is neither partner\.sp_appid nor/)])
})

test('D4: the public address must be https unless another WeChat is configured', () => {
  expect(faultsOf({ ...sound, wechat: {} })).toEqual([
    'public_url: WeChat sends notifications to https only · 微信只会向 https 地址发送通知',
  ])
})

test('D4: faults of files, schema, cross-checks and keys are reported together', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  writeFileSync(join(folder, 'curve.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }))
  const [one] = sound.merchants
  const raw = {
    ...sound,
    public_url: 'nonsense',
    unknown_field: 1,
    api_keys: [{ key: 'short', merchants: ['nobody'] }],
    merchants: [
      {
        ...one,
        private_key: undefined,
        private_key_file: 'curve.pem',
        certificate: undefined,
        certificate_file: 'missing.pem',
        appids: ['wx-unknown'],
      },
      { ...one, id: 'BAD ID', mchid: 'x', ...wechatIs('words') },
    ],
  }
  writeFileSync(join(folder, 'cashdesk.json'), JSON.stringify(raw))
  let message = ''
  try {
    readConfig(join(folder, 'cashdesk.json'))
  } catch (error) {
    message = String((error as Error).message)
  }
  for (const fault of [
    'public_url: ',
    'unknown_field',
    'api_keys.0.key: at least 24 characters · 至少 24 个字符',
    'api_keys.0.merchants: no merchant is called nobody · 没有名为 nobody 的商户',
    'merchants.shop.private_key (curve.pem): needs RSA of 2048 bits or more · 须为 2048 位或以上的 RSA 密钥',
    'merchants.shop.certificate_file: there is no file missing.pem in ',
    'merchants.shop.appids: wx-unknown is not in apps · apps 中没有 wx-unknown',
    'merchants.1.id: 1–32 of a-z 0-9 _ -',
    'merchants.1.mchid: digits only · 只能是数字',
    `merchants.1.public_keys.${settings.public_key_id}: not readable as PEM`,
  ])
    expect(message).toContain(fault)
})

test.each([
  ['no file', undefined, 'the file does not exist · 文件不存在'],
  ['broken JSON', '{\n  "a": 1,\n  "app_secret": "s3cret" oops\n}', 'not readable as JSON (line 3 · 第 3 行)'],
])('F7: %s is reported with its position and without its content', (_, text, words) => {
  const file = join(folder, `broken-${text === undefined}.json`)
  if (text !== undefined) writeFileSync(file, text)
  expect(() => readConfig(file)).toThrow(expect.objectContaining({ message: expect.stringContaining(words) as string }))
  expect(() => readConfig(file)).toThrow(expect.objectContaining({ message: expect.not.stringContaining('s3cret') as string }))
})

test('D4: a server that is given wrong keys in code creates no database', async () => {
  const database = join(folder, 'never.db')
  const config = shop({ private_key: settings.merchant_cert }) as Config
  await expect(startServer(config, { database_url: `sqlite:${database}`, port: 0 })).rejects.toThrow(ConfigError)
  expect(existsSync(database)).toBe(false)
})

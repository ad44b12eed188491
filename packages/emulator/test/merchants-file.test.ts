// Merchants of the user's own choice, beside the two that are always there.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createEmulator, type EmulatorFile, generateKeys, startEmulator } from '../src/index.ts'
import { aMerchant, anOrder, JSAPI, PARTNER_JSAPI, START } from './world.ts'

const SHOP = { mchid: '1600000001', apps: [{ appid: 'wx00000000000000aa', app_secret: '0123456789abcdef0123456789abcdef' }] }
const MALL = {
  mchid: '1600000002',
  apps: [{ appid: 'wx00000000000000bb' }],
  sub_merchants: [{ sub_mchid: '1600000003', apps: [{ appid: 'wx00000000000000cc' }] }],
}

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'merchants-'))
})
afterEach(() => rm(dir, { recursive: true }))

async function written(content: unknown): Promise<string> {
  const file = join(dir, 'merchants.json')
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

test('a merchant of the file orders under his own number, and his keys stay his over a restart', async () => {
  const merchantsFile = await written({ merchants: [SHOP, MALL] })
  const running = await startEmulator({ port: 0, dir: join(dir, 'kept'), merchantsFile })
  const { emulator } = running
  const world = { emulator: { ...emulator, fetch: (input: Request) => fetch(input) } }
  const [shop, mall] = emulator.settings.merchants
  if (!shop || !mall) throw new Error('two merchants')

  const appid = shop.apps[0]?.appid ?? ''
  const payer = { openid: emulator.settings.users[0]?.openids[appid] }
  const own = anOrder(world, { appid, mchid: shop.mchid, payer })
  expect(await aMerchant(world.emulator, emulator.clock, shop.mchid, shop).call('POST', JSAPI, own)).toMatchObject({ status: 200 })

  const { appid: _, mchid: __, ...order } = anOrder(world)
  const sub_appid = mall.subMerchants[0]?.apps[0]?.appid ?? ''
  const through = {
    ...order,
    sp_appid: mall.apps[0]?.appid,
    sp_mchid: mall.mchid,
    sub_mchid: '1600000003',
    sub_appid,
    payer: { sub_openid: emulator.settings.users[0]?.openids[sub_appid] },
  }
  expect(await aMerchant(world.emulator, emulator.clock, mall.mchid, mall).call('POST', PARTNER_JSAPI, through)).toMatchObject({
    status: 200,
  })

  const file = JSON.parse(await readFile(join(dir, 'kept', 'emulator.json'), 'utf8')) as EmulatorFile
  expect(await readFile(file.merchants[0]?.merchant_key_path ?? '', 'utf8')).toBe(shop.merchant_key)
  await running.close()
  const again = await startEmulator({ port: 0, dir: join(dir, 'kept'), merchantsFile })
  await again.close()
  expect(again.emulator.settings.merchants).toEqual(emulator.settings.merchants)
})

test('a merchant may bring his certificate and keys, and keeps his private key to himself', async () => {
  const keys = await generateKeys(START)
  await writeFile(join(dir, 'mine.pem'), keys.direct.merchant_cert)
  const merchantsFile = await written({
    merchants: [
      {
        ...SHOP,
        keys: 'certificate',
        merchant_cert_path: 'mine.pem',
        api_v3_key: keys.direct.api_v3_key,
        api_v2_key: keys.direct.api_v2_key,
      },
    ],
  })
  const running = await startEmulator({ port: 0, merchantsFile })
  const { emulator } = running
  const [mine] = emulator.settings.merchants
  if (!mine) throw new Error('one merchant')
  expect(mine).toMatchObject({
    keys: 'certificate',
    merchant_key: '',
    merchant_serial: keys.direct.merchant_serial,
    api_v3_key: keys.direct.api_v3_key,
  })
  const me = aMerchant(emulator, emulator.clock, mine.mchid, { ...mine, merchant_key: keys.direct.merchant_key })
  expect(await me.call('GET', '/v3/certificates', undefined, { headers: { 'Wechatpay-Serial': null } })).toMatchObject({ status: 200 })
  await running.close()
})

test.each([
  ['not JSON', '{', 'is not JSON'],
  ['no object', '[]', 'must be a JSON object'],
  ['no list', { merchants: {} }, 'merchants must be a list'],
  ['a number that is none', { merchants: [{ ...SHOP, mchid: 'abc' }] }, 'merchants[0] mchid must be a merchant number'],
  [
    'an appid that is none',
    { merchants: [{ mchid: '1600000001', apps: [{ appid: 'x' }] }] },
    'merchants[0] apps[0] appid must be an appid',
  ],
  ['a short key', { merchants: [{ ...SHOP, api_v3_key: 'short' }] }, 'api_v3_key must be 32 ASCII characters'],
  ['a number twice', { merchants: [SHOP, SHOP] }, '1600000001 is there twice'],
])('says what is wrong with a file: %s', async (_, content, message) => {
  const merchantsFile = await written(content)
  await expect(startEmulator({ port: 0, merchantsFile })).rejects.toThrow(message)
})

test('without a file there are two', async () => {
  const { settings } = await createEmulator()
  expect(settings.merchants).toEqual([])
})

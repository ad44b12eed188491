// Finds parts of a configuration that contradict each other. Values of the wrong form are skipped, because the schema reports them.

import type { Faults } from './faults.ts'

type Fields = Readonly<Record<string, unknown>>

const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {})
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const textsOf = (value: unknown): string[] => listOf(value).filter((one) => typeof one === 'string')

export function contradictions(raw: unknown, faults: Faults): void {
  const config = fieldsOf(raw)
  const merchants = listOf(config['merchants']).map(fieldsOf)
  const ids = textsOf(merchants.map(({ id }) => id))
  if (new Set(ids).size < ids.length) faults.add(['merchants'], 'two have the same id', '有两个商户的 id 相同')
  for (const [i, key] of listOf(config['api_keys']).map(fieldsOf).entries()) ofKey(key, i, ids, faults)
  const appids = textsOf(listOf(config['apps']).map((app) => fieldsOf(app)['appid']))
  for (const [i, merchant] of merchants.entries()) {
    ofTrust(merchant, i, faults)
    ofPrograms(merchant, i, appids, faults)
  }
  ofAddress(config, faults)
}

function ofKey(key: Fields, i: number, ids: readonly string[], faults: Faults): void {
  const given = [key['key'], key['key_hash']].filter((one) => one !== undefined)
  if (given.length !== 1) faults.add(['api_keys', i], 'give key or key_hash, one of them', 'key 与 key_hash 须且只能填写一个')
  for (const id of textsOf(key['merchants']))
    if (!ids.includes(id)) faults.add(['api_keys', i, 'merchants'], `no merchant is called ${id}`, `没有名为 ${id} 的商户`)
}

function ofTrust(merchant: Fields, i: number, faults: Faults): void {
  if (Object.keys(fieldsOf(merchant['public_keys'])).length > 0 || merchant['platform_certificates'] === true) return
  faults.add(
    ['merchants', i],
    'give public_keys, or platform_certificates: true, or both',
    '请填写 public_keys，或设置 platform_certificates: true，或两者都填',
  )
}

/** A payer's openid belongs to one program, and WeChat accepts only two: the provider's and the sub-merchant's. */
function ofPrograms(merchant: Fields, i: number, known: readonly string[], faults: Faults): void {
  const partner = merchant['partner'] === undefined ? undefined : fieldsOf(merchant['partner'])
  for (const appid of textsOf(merchant['appids'])) {
    if (!known.includes(appid)) faults.add(['merchants', i, 'appids'], `${appid} is not in apps`, `apps 中没有 ${appid}`)
    if (partner && appid !== partner['sp_appid'] && appid !== partner['sub_appid'])
      faults.add(
        ['merchants', i, 'appids'],
        `${appid} is neither partner.sp_appid nor partner.sub_appid: WeChat would refuse every order of it. If it is the sub-merchant’s own program, name it as sub_appid`,
        `${appid} 既不是 partner.sp_appid 也不是 partner.sub_appid，微信会拒绝其所有订单。若为子商户自己的小程序，请填入 sub_appid`,
      )
  }
}

/** WeChat calls only https addresses. With wechat.pay_url the emulator is used, which may call http. */
function ofAddress(config: Fields, faults: Faults): void {
  const { public_url } = config
  if (typeof public_url !== 'string' || fieldsOf(config['wechat'])['pay_url'] !== undefined) return
  if (/^http:/i.test(public_url)) faults.add(['public_url'], 'WeChat sends notifications to https only', '微信只会向 https 地址发送通知')
}

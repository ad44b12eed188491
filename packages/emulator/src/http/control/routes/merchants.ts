// Lists merchants, changes their API certificates (replaces one, also by one that expires soon, or revokes one; v3-protocol §12), and sets which of WeChat's keys they have.

import { beijingTime } from '@cashdesk/protocol'
import { Hono } from 'hono'
import { isKeyKind, KEY_KINDS } from '../../../platform/merchants/key-kind.ts'
import { merchantCertificate } from '../../../platform/merchants/keys.ts'
import type { Merchant } from '../../../platform/merchants/merchants.ts'
import type { Platform } from '../../../platform/platform.ts'
import { ControlError, invalidInput } from '../control-error.ts'
import { optionalInteger, readInput } from '../input.ts'

export function merchantControlRoutes({ merchants, clock, random }: Platform): Hono {
  const hono = new Hono()
  const merchantOf = (mchid: string): Merchant => {
    const merchant = merchants.find(mchid)
    if (!merchant) throw new ControlError(404, 'MERCHANT_UNKNOWN', `No merchant has the number ${mchid}.`, `不存在商户号 ${mchid}。`)
    return merchant
  }

  hono.get('/merchants', (c) => c.json({ merchants: merchants.all().map(shown) }))
  hono.post('/merchants/:mchid/certificate/replace', async (c) => {
    const merchant = merchantOf(c.req.param('mchid'))
    const life = optionalInteger(await readInput(c.req.raw), 'expires_in_ms', 0)
    const made = await merchantCertificate(clock.now(), random, life)
    merchants.replaceCertificate(merchant, made.merchant_cert)
    return c.json(made)
  })
  hono.post('/merchants/:mchid/certificate/revoke', (c) => {
    merchants.revokeCertificate(merchantOf(c.req.param('mchid')))
    return c.json({})
  })
  hono.post('/merchants/:mchid/keys', async (c) => {
    const merchant = merchantOf(c.req.param('mchid'))
    const { keys } = await readInput(c.req.raw)
    if (!isKeyKind(keys)) throw invalidInput('keys', `must be one of ${KEY_KINDS.join(', ')}`, `必须是 ${KEY_KINDS.join('、')} 之一`)
    merchants.setKeyKind(merchant, keys)
    return c.json(shown(merchantOf(merchant.mchid)))
  })
  return hono
}

function shown({ mchid, kind, keyKind, serial_no, notAfter, revoked, appids, subMerchants }: Merchant) {
  return {
    mchid,
    kind,
    keys: keyKind,
    appids: [...appids],
    sub_mchids: [...subMerchants.keys()],
    certificate: { serial_no, expire_time: beijingTime(notAfter), revoked },
  }
}

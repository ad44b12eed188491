// Rotates the platform certificate: adds a new one beside the old one, which signs at once or only when a later call says so (v3-protocol §6).

import { beijingTime } from '@cashdesk/protocol'
import { Hono } from 'hono'
import { type PlatformKeys, platformKeys } from '../../../platform/merchants/keys.ts'
import type { Platform } from '../../../platform/platform.ts'
import { invalidInput } from '../control-error.ts'
import { optionalText, readInput } from '../input.ts'

export function certificateControlRoutes({ merchants, clock, random }: Platform): Hono {
  const hono = new Hono()
  let newest: PlatformKeys | undefined
  const tell = () => ({
    signing: merchants.platformKey.serial,
    certificates: merchants.platformCertificates().map(({ key, pem, notBefore, notAfter }) => {
      return { serial_no: key.serial, effective_time: beijingTime(notBefore), expire_time: beijingTime(notAfter), pem }
    }),
  })

  hono.get('/certificates', (c) => c.json(tell()))
  hono.post('/certificates/rotate', async (c) => {
    const sign_with = optionalText(await readInput(c.req.raw), 'sign_with') ?? 'new'
    if (sign_with !== 'new' && sign_with !== 'old') throw invalidInput('sign_with', "must be 'new' or 'old'", '必须是 new 或 old')
    newest = await platformKeys(clock.now(), random)
    merchants.addPlatformCertificate(newest, sign_with === 'new')
    return c.json(tell())
  })
  hono.post('/certificates/switch', (c) => {
    if (newest) merchants.addPlatformCertificate(newest, true)
    return c.json(tell())
  })
  return hono
}

// emulator.json and the PEM files beside it: the settings for a client in any language (design §3.2).

import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { EmulatorSettings, ExtraMerchantSettings, MerchantKeySettings } from '../platform/merchants/settings.ts'

/** The settings with paths in place of PEM texts. */
type WithPaths<T extends MerchantKeySettings> = Omit<T, 'merchant_key' | 'merchant_cert' | 'platform_cert' | 'public_key'> & {
  merchant_key_path: string
  merchant_cert_path: string
  platform_cert_path: string
  public_key_path: string
}

/** The content of emulator.json. */
export type EmulatorFile = WithPaths<Omit<EmulatorSettings, 'sp' | 'merchants'>> & {
  sp: WithPaths<EmulatorSettings['sp']>
  merchants: WithPaths<ExtraMerchantSettings>[]
  /** The path of the CA certificate that signed the certificate of `tls_url`. */
  ca_path?: string
}

export async function writeSettings(dir: string, settings: EmulatorSettings): Promise<void> {
  const folder = resolve(dir)
  await mkdir(folder, { recursive: true })
  const { sp, merchants, ...direct } = settings
  const file: EmulatorFile = {
    ...(await writePems(folder, '', direct)),
    sp: await writePems(folder, 'sp_', sp),
    merchants: await Promise.all(merchants.map((merchant) => writePems(folder, `${merchant.mchid}_`, merchant))),
    ...(settings.tls_url !== undefined && { ca_path: join(folder, 'ca.pem') }),
  }
  // emulator.json is written last, so that a program that waits for it also finds the PEM files.
  await writeFile(join(folder, 'emulator.json'), `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 })
}

async function writePems<T extends MerchantKeySettings>(folder: string, prefix: string, settings: T): Promise<WithPaths<T>> {
  const { merchant_key, merchant_cert, platform_cert, public_key, ...rest } = settings
  const paths = {
    merchant_key_path: join(folder, `${prefix}apiclient_key.pem`),
    merchant_cert_path: join(folder, `${prefix}apiclient_cert.pem`),
    platform_cert_path: join(folder, `${prefix}platform_cert.pem`),
    public_key_path: join(folder, `${prefix}pub_key.pem`),
  }
  await Promise.all([
    writeFile(paths.merchant_key_path, merchant_key, { mode: 0o600 }),
    writeFile(paths.merchant_cert_path, merchant_cert),
    writeFile(paths.platform_cert_path, platform_cert),
    writeFile(paths.public_key_path, public_key),
  ])
  return { ...rest, ...paths }
}

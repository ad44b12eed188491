// The server's configuration for the emulator's two merchants: `shop` is a direct merchant, `mall` a sub-merchant of a service provider.

import type { EmulatorSettings } from '@cashdesk/emulator'
import type { Config } from '@cashdesk/server'

export interface EmulatorConfigOptions {
  /** The address at which the emulator reaches the server. */
  public_url: string
  /** The only API key; it may act for both merchants. */
  api_key: string
  /** How WeChat's answers are verified: with the public key (default), or with downloaded platform certificates. */
  trust?: 'public key' | 'platform certificates'
}

export function configForEmulator(settings: EmulatorSettings, options: EmulatorConfigOptions): Config {
  const { sp } = settings
  return {
    public_url: options.public_url,
    wechat: { pay_url: settings.base_url, api_url: settings.base_url },
    api_keys: [{ key: options.api_key, merchants: ['shop', 'mall'] }],
    apps: [
      { appid: settings.appid, app_secret: settings.app_secret },
      { appid: sp.sub_appid, app_secret: sp.sub_app_secret },
      { appid: sp.sp_appid, app_secret: sp.sp_app_secret },
    ],
    // Everything runs on this machine, without a proxy.
    trusted_proxies: [],
    webhooks: { allow: ['127.0.0.1', 'localhost'] },
    merchants: [
      { id: 'shop', mchid: settings.mchid, ...keys(settings, options), appids: [settings.appid] },
      {
        id: 'mall',
        mchid: sp.sp_mchid,
        ...keys(sp, options),
        appids: [sp.sub_appid, sp.sp_appid],
        partner: { sp_appid: sp.sp_appid, sub_mchid: sp.sub_mchid, sub_appid: sp.sub_appid },
      },
    ],
  }
}

function keys(of: EmulatorSettings | EmulatorSettings['sp'], { trust = 'public key' }: EmulatorConfigOptions) {
  return {
    serial_no: of.merchant_serial,
    private_key: of.merchant_key,
    certificate: of.merchant_cert,
    api_v3_key: of.api_v3_key,
    public_keys: trust === 'public key' ? { [of.public_key_id]: of.public_key } : {},
    platform_certificates: trust === 'platform certificates',
  }
}

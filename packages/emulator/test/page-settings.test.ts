// B3: the page's settings for other people's clients name the key that the merchant has, and no other.

import { expect, test } from 'vitest'
import { type EmulatorSettings, KEY_KINDS } from '../src/index.ts'
import { aWorld } from './world.ts'

// The page's scripts are checked by a project of their own, which has the names of a browser.
const { CLIENTS } = (await import(new URL('../page/settings.js', import.meta.url).href)) as {
  CLIENTS: Readonly<Record<string, (settings: EmulatorSettings) => string>>
}

test.each(KEY_KINDS)('B3: the settings of each client for a merchant with %s', async (keyKind) => {
  const { settings } = (await aWorld({ keyKind })).emulator
  for (const [client, textOf] of Object.entries(CLIENTS)) {
    const text = textOf(settings)
    const [own, other] =
      keyKind === 'certificate' ? [settings.platform_serial, settings.public_key_id] : [settings.public_key_id, settings.platform_serial]
    expect([client, text.includes(other), text.includes('undefined')]).toEqual([client, false, false])
    const namesIt = text.includes(own) || /platformCert|cert_dir|platform_cert\.pem/.test(text)
    expect([client, namesIt]).toEqual([client, true])
  }
  expect(CLIENTS['PHP · wechatpay-php']?.(settings)).toContain("'headers'    => ['Wechatpay-Serial'")
})

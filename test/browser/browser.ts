// A real Chromium for tests: Debian's, headless, without access to other machines.

import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Without it browser tests are skipped; `.ci/run` installs it. */
export const chromiumPath: string | undefined = process.env['CHROMIUM'] ?? PATHS.find((path) => existsSync(path))

export function aBrowser(more: readonly string[] = []): Promise<Browser> {
  const quiet = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    ...more,
  ]
  return chromium.launch({ ...(chromiumPath !== undefined && { executablePath: chromiumPath }), args: quiet })
}

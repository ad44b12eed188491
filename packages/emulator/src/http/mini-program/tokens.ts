// Access tokens: GET /cgi-bin/token and POST /cgi-bin/stable_token (miniprogram-server-api §3). A successful answer has no errcode.

import { STABLE_TOKEN_ENDPOINT } from '@cashdesk/protocol'
import { Errcode } from '../../platform/mini-program/errcode.ts'
import type { Platform } from '../../platform/platform.ts'
import { type MiniRoute, readJson } from './route.ts'
import { checkSecret } from './secret.ts'

export function tokenRoutes({ secrets, miniPrograms }: Platform): MiniRoute[] {
  return [
    {
      method: 'GET',
      path: '/cgi-bin/token',
      serve({ query }) {
        const { grant_type, appid, secret } = Object.fromEntries(query)
        checkGrant(grant_type)
        return miniPrograms.tokens.plain(checkSecret(secrets, { appid, secret }))
      },
    },
    {
      method: 'POST',
      path: STABLE_TOKEN_ENDPOINT.path,
      serve({ body }) {
        // `readJson` returns only objects.
        const { grant_type, appid, secret, force_refresh = false } = readJson(body) as Record<string, unknown>
        checkGrant(grant_type)
        if (typeof force_refresh !== 'boolean') throw new Errcode(47001)
        return miniPrograms.tokens.stable(checkSecret(secrets, { appid, secret }), force_refresh)
      },
    },
  ]
}

function checkGrant(grant_type: unknown): void {
  if (grant_type !== 'client_credential') throw new Errcode(40002)
}

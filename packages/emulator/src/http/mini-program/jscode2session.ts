// auth.code2Session: exchanges a code for openid and session_key (miniprogram-server-api §1).

import { MINI_PROGRAM_ENDPOINTS } from '@cashdesk/protocol'
import { Errcode } from '../../platform/mini-program/errcode.ts'
import { unionidOf } from '../../platform/people.ts'
import type { Platform } from '../../platform/platform.ts'
import type { MiniRoute } from './route.ts'
import { checkSecret } from './secret.ts'

export function code2SessionRoute({ secrets, miniPrograms, people, behaviour }: Platform): MiniRoute {
  return {
    ...MINI_PROGRAM_ENDPOINTS.miniCode2Session,
    serve({ query }) {
      const { appid, secret, js_code, grant_type } = Object.fromEntries(query)
      if (!appid) throw new Errcode(41002)
      if (!secret) throw new Errcode(41004)
      if (!js_code) throw new Errcode(41008)
      checkSecret(secrets, { appid, secret })
      if (grant_type !== 'authorization_code') throw new Errcode(40002)
      const { session_key, openid } = miniPrograms.logins.redeem(appid, js_code)
      const person = people.find(openid)?.person
      return { session_key, openid, ...(behaviour.open_platform && person && { unionid: unionidOf(person) }) }
    },
  }
}

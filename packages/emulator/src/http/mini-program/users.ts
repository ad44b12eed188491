// What a mini program may learn about its users: session keys, phone number, unionid (miniprogram-server-api §2, §4, §7).

import { miniCheckSessionKey, miniPaidUnionid, miniPhoneNumber, miniResetSessionKey, type PaidUnionidQuery } from '@cashdesk/protocol/spec'
import { Errcode } from '../../platform/mini-program/errcode.ts'
import type { Trade } from '../../platform/orders/trades.ts'
import { type Person, unionidOf } from '../../platform/people.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Issue } from '../v3/validate.ts'
import { type MiniRoute, miniRoute } from './route.ts'

/** How long after a payment the payer's unionid can be queried. */
const PAID_UNIONID_MS = 5 * 60 * 1000

export function userRoutes(platform: Platform): MiniRoute[] {
  const { miniPrograms, people, behaviour, clock } = platform
  const { sessions, phones } = miniPrograms
  const personOf = (appid: string, openid: string): Person => {
    const found = people.find(openid)
    if (found?.appid !== appid) throw new Errcode(40003)
    return found.person
  }

  return [
    miniRoute(platform, {
      endpoint: miniCheckSessionKey,
      wrong: wrongSignature,
      act({ appid, query: { openid, signature } }) {
        personOf(appid, openid)
        if (!sessions.signed(appid, openid, signature)) throw new Errcode(87009)
        return {}
      },
    }),
    miniRoute(platform, {
      endpoint: miniResetSessionKey,
      wrong: wrongSignature,
      act({ appid, query: { openid, signature } }) {
        personOf(appid, openid)
        const session = sessions.find(appid, openid)
        if (!session) throw new Errcode(87007)
        if (!sessions.signed(appid, openid, signature)) throw new Errcode(87009)
        return { openid, session_key: sessions.renew(session).session_key }
      },
    }),
    miniRoute(platform, {
      endpoint: miniPhoneNumber,
      wrong: ({ path }) => (path[0] === 'code' ? 40029 : 40097),
      act: ({ appid, body }) => ({ phone_info: phones.redeem(appid, body.code, body.openid) }),
    }),
    miniRoute(platform, {
      endpoint: miniPaidUnionid,
      act({ appid, query }) {
        const person = personOf(appid, query.openid)
        if (!behaviour.open_platform) throw new Errcode(89002)
        const trade = paidBy(platform, query)
        const payer = trade && people.find(trade.openid)?.person
        const ofThisProgram = trade?.appid === appid || trade?.sub_appid === appid
        if (!ofThisProgram || payer !== person || clock.now() - trade.paid_at > PAID_UNIONID_MS) throw new Errcode(89300)
        return { unionid: unionidOf(person) }
      },
    }),
  ]
}

function paidBy({ trades }: Platform, { transaction_id, mch_id, out_trade_no }: PaidUnionidQuery): Trade | undefined {
  return transaction_id === undefined ? trades.find(mch_id ?? '', { out_trade_no }) : trades.findByTransactionId(transaction_id)
}

function wrongSignature({ path }: Issue): number {
  if (path[0] === 'sig_method') return 87008
  return path[0] === 'signature' ? 87009 : 40097
}

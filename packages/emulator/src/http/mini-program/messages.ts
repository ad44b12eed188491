// Subscribe messages, and links into the mini program (miniprogram-server-api §6, §11).

import { miniSubscribeMessage, miniUrlLink, miniUrlScheme } from '@cashdesk/protocol/spec'
import { Errcode } from '../../platform/mini-program/errcode.ts'
import type { Platform } from '../../platform/platform.ts'
import { randomHex } from '../../ports/random.ts'
import { type MiniRoute, miniRoute } from './route.ts'

export function messageRoutes(platform: Platform): MiniRoute[] {
  const { miniPrograms, people, clock, random } = platform
  return [
    miniRoute(platform, {
      endpoint: miniSubscribeMessage,
      wrong: ({ path: [field] }) => (field === 'touser' ? 40003 : field === 'template_id' ? 40037 : 47003),
      act({ appid, body }) {
        if (people.find(body.touser)?.appid !== appid) throw new Errcode(40003)
        miniPrograms.subscriptions.send(appid, body, clock.now())
        return {}
      },
    }),
    miniRoute(platform, { endpoint: miniUrlLink, act: () => ({ url_link: `https://wxaurl.cn/${randomHex(random, 6)}` }) }),
    miniRoute(platform, { endpoint: miniUrlScheme, act: () => ({ openlink: `weixin://dl/business/?t=${randomHex(random, 6)}` }) }),
  ]
}

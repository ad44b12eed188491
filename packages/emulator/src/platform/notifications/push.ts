// A message push of a mini program, to the address set in its console (miniprogram-server-api §10).

import { composePush, PUSH_IMPOSSIBLE, type PushMessage } from '../mini-program/push.ts'
import { type Channel, requestTo } from './channel.ts'
import { takenV3 } from './post.ts'

/** A push is repeated at once, three times (not verified for events). */
const RETRIES_MS: readonly number[] = [0, 0, 0]

export function asPush({ appid }: { appid: string }): Channel {
  return {
    impossible: PUSH_IMPOSSIBLE,
    retries_ms: RETRIES_MS,
    compose(world, { resource }, fault) {
      const settings = world.pushSettings.get(appid)
      if (!settings) throw new TypeError(`no push settings of ${appid}`)
      const stranger = fault?.fault === 'notification.forged' || fault?.fault === 'notification.bad_signature'
      // The resource of a push is made of the fields of a message.
      const { url, type, body } = composePush(world, { appid, settings, message: resource as PushMessage }, stranger)
      return requestTo(url, { 'Content-Type': type }, body)
    },
    taken: takenV3,
  }
}

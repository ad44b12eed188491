// A message the user subscribed to: POST /cgi-bin/message/subscribe/send.

import type { SubscribeMessage } from '@cashdesk/protocol/spec'
import type { MiniProgramCaller } from './caller.ts'

/** One subscription allows one message. After an unknown outcome the message may have been sent. */
export async function subscribeMessage(caller: MiniProgramCaller, message: SubscribeMessage): Promise<void> {
  await caller.send({ endpoint: 'miniSubscribeMessage', body: message })
}

// Reminds the payer to confirm a delivered order, once per order: POST /wxa/sec/order/notify_confirm_receive.

import type { ConfirmReceiveReminder } from '@cashdesk/protocol/spec'
import type { MiniProgramCaller } from '../caller.ts'

/** Only for express delivery. */
export async function remindToConfirm(caller: MiniProgramCaller, reminder: ConfirmReceiveReminder): Promise<void> {
  await caller.send({
    endpoint: 'miniConfirmReceiveReminder',
    body: reminder,
  })
}

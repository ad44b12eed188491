// Adds a receiver of shares (idempotent), and deletes one.

import type { Receiver, ReceiverRemoval, ReceiverRequest } from '@cashdesk/protocol/spec'
import type { Caller } from '../caller.ts'
import { checked } from '../shape.ts'

/** Pass `name` in plain text: this function seals it. */
export async function addReceiver(caller: Caller, request: ReceiverRequest): Promise<Receiver> {
  const { serial, sealOptional } = await caller.sealer()
  const body = { ...request, name: sealOptional(request.name) }
  return checked<Receiver>(await caller.send({ endpoint: 'receiverAdd', body, serial }), 'type', 'account')
}

export async function deleteReceiver(caller: Caller, body: ReceiverRemoval): Promise<Receiver> {
  return checked<Receiver>(await caller.send({ endpoint: 'receiverDelete', body }), 'type', 'account')
}

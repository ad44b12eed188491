// Adds a receiver of shares (idempotent), and deletes one.

import type { Receiver, ReceiverRemoval, ReceiverRequest } from '@cashdesk/protocol/spec'
import type { Caller } from '../caller.ts'
import { checked } from '../shape.ts'

/** Pass `name` in plain text: this function seals it. */
export async function addReceiver(caller: Caller, request: ReceiverRequest): Promise<Receiver> {
  const { serial, sealOptional } = await caller.sealer()
  const body = { ...request, name: sealOptional(request.name) }
  const path = '/v3/profitsharing/receivers/add'
  return checked<Receiver>(await caller.send({ endpoint: 'receiverAdd', method: 'POST', path, body, serial }), 'type', 'account')
}

export async function deleteReceiver(caller: Caller, body: ReceiverRemoval): Promise<Receiver> {
  const path = '/v3/profitsharing/receivers/delete'
  return checked<Receiver>(await caller.send({ endpoint: 'receiverDelete', method: 'POST', path, body }), 'type', 'account')
}

// The unionid of a user who paid within the last 5 minutes: GET /wxa/getpaidunionid.

import type { PaidUnionidQuery } from '@cashdesk/protocol/spec'
import type { MiniProgramCaller } from './caller.ts'

export async function paidUnionid(caller: MiniProgramCaller, query: PaidUnionidQuery): Promise<string> {
  const { unionid } = await caller.send({ endpoint: 'miniPaidUnionid', query }, 'unionid')
  return String(unionid)
}

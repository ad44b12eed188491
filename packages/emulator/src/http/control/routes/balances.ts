// The accounts of merchants: reads what each one holds, and puts money in or takes it out, for example so that a refund finds too little.

import { Hono } from 'hono'
import type { Movement } from '../../../platform/ledger.ts'
import type { Platform } from '../../../platform/platform.ts'
import { ControlError, invalidInput } from '../control-error.ts'
import { optionalInteger, optionalText, readInput, requiredText } from '../input.ts'

export function balanceRoutes({ ledger, merchants, deposit }: Platform): Hono {
  const hono = new Hono()
  const owners = (): string[] => merchants.all().flatMap(({ mchid, subMerchants }) => [mchid, ...subMerchants.keys()])

  hono.get('/balances', (c) => {
    const balances = owners().flatMap((mchid) => {
      return (['BASIC', 'OPERATION'] as const).map((account) => ({ mchid, account, ...ledger.balance(mchid, account) }))
    })
    return c.json({ balances })
  })

  hono.post('/balances', async (c) => {
    const input = await readInput(c.req.raw)
    const mchid = requiredText(input, 'mchid')
    if (!owners().includes(mchid)) {
      throw new ControlError(404, 'MCHID_UNKNOWN', `No merchant has the number ${mchid}.`, `不存在商户号 ${mchid}。`)
    }
    const account = accountOf(optionalText(input, 'account'))
    const available = optionalInteger(input, 'available', 0)
    if (available === undefined) throw invalidInput('available', 'is required: fen', '必填：单位为分')
    deposit(mchid, account, available)
    return c.json({ mchid, account, ...ledger.balance(mchid, account) })
  })

  return hono
}

function accountOf(text: string | undefined): Movement['account'] {
  if (text === undefined || text === 'BASIC') return 'BASIC'
  if (text === 'OPERATION') return text
  throw invalidInput('account', "must be 'BASIC' or 'OPERATION'", '必须是 BASIC 或 OPERATION')
}

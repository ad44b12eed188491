// Whether this mini program must manage shipping, and whether the confirmation is complete: POST /wxa/sec/order/is_trade_managed and its sibling.

import type { MiniProgramCaller } from '../caller.ts'

export async function isTradeManaged(caller: MiniProgramCaller): Promise<boolean> {
  const call = { endpoint: 'miniIsTradeManaged' } as const
  const { is_trade_managed } = await caller.send({ ...call, body: { appid: caller.appid } }, 'is_trade_managed')
  return is_trade_managed === true
}

/** Once true, every order of the confirmed merchants must be shipped through this service. */
export async function isTradeConfirmed(caller: MiniProgramCaller): Promise<boolean> {
  const { completed } = await caller.send({ endpoint: 'miniIsTradeConfirmed', body: { appid: caller.appid } }, 'completed')
  return completed === true
}

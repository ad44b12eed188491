// Reads `{"mchid", "notify_url"}`: the address for notifications that no single request asked for. Real merchants set it in the merchant platform.

import type { Merchants } from '../../platform/merchants/merchants.ts'
import { ControlError, invalidInput } from './control-error.ts'
import { readInput, requiredText } from './input.ts'

/** Reads the merchant and its address. @throws ControlError */
export async function readMerchantAddress(request: Request, merchants: Merchants): Promise<{ mchid: string; notify_url: string }> {
  const input = await readInput(request)
  const mchid = requiredText(input, 'mchid')
  if (!merchants.find(mchid)) {
    throw new ControlError(404, 'MCHID_UNKNOWN', `No merchant with keys has the number ${mchid}.`, `不存在商户号 ${mchid}。`)
  }
  const notify_url = requiredText(input, 'notify_url')
  if (!URL.canParse(notify_url)) throw invalidInput('notify_url', 'must be a URL', '必须是 URL')
  return { mchid, notify_url }
}

// What follows wx.requestMerchantTransfer: the user confirms, the user cancels, or the transfer fails.

import { Hono } from 'hono'
import type { Platform } from '../../../platform/platform.ts'
import { queryAnswer } from '../../../platform/transfers/transfer.ts'
import type { TransferConfirmation } from '../../../platform/transfers/transfers.ts'
import { invalidInput } from '../control-error.ts'
import { optionalText, readInput, requiredText } from '../input.ts'

export function transferControlRoutes({ transfers, merchants }: Platform): Hono {
  const hono = new Hono()
  hono.get('/transfers', (c) => {
    return c.json({
      transfers: transfers.all().flatMap((record) => {
        const merchant = merchants.find(record.mchid)
        return merchant ? [{ ...queryAnswer(record, merchant), package_info: record.package_info }] : []
      }),
    })
  })
  hono.post('/transfer-confirm', async (c) => {
    const input = await readInput(c.req.raw)
    return c.json(
      transfers.confirm({
        mchId: requiredText(input, 'mchId'),
        appId: requiredText(input, 'appId'),
        package: requiredText(input, 'package'),
        openid: optionalText(input, 'openid'),
        action: actionOf(optionalText(input, 'action')),
        fail_reason: optionalText(input, 'fail_reason'),
      }),
    )
  })
  return hono
}

function actionOf(text: string | undefined): TransferConfirmation['action'] {
  if (text === undefined || text === 'confirm' || text === 'cancel' || text === 'fail') return text
  throw invalidInput('action', "must be 'confirm', 'cancel' or 'fail'", '必须是 confirm、cancel 或 fail')
}

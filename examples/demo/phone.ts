// The phone, in a process of its own: runs the compiled mini program, taps "buy", and prints how it ended.

import { runMiniProgram } from '@cashdesk/headless'

interface Input {
  dir: string
  appid: string
  openid?: string
  emulator: string
  shop: string
  cashdesk: string
  cashier: 'pay' | 'cancel' | 'fail'
}

// The demo wrote it (scenes.ts).
const input = JSON.parse(process.argv[2] ?? '{}') as Input
const program = runMiniProgram({ ...input, ext: { backend: input.shop, cashdesk: input.cashdesk } })

const shelf = await program.open()
await shelf.waitFor((page) => page.elements('.buy').length > 0)
await shelf.tap('buy', { dataset: { id: 'latte' } })
const order = await program.waitForPage('pages/order/order')

const [payment] = program.payments
console.log(
  JSON.stringify({
    out_trade_no: order.query['id'],
    code: program.logins[0],
    status: order.query['status'],
    fields: payment?.fields,
    said: payment?.said.errMsg,
  }),
)
program.close()

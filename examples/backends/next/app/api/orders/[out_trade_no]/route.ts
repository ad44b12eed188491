// GET /api/orders/…: answers the phone's question after requestPayment.

import { shop } from '../../../../shop.ts'

interface Context {
  params: Promise<{ out_trade_no: string }>
}

export async function GET(_: Request, { params }: Context): Promise<Response> {
  const state = await shop.state((await params).out_trade_no)
  return Response.json({ state: state ?? null }, { status: state ? 200 : 404 })
}

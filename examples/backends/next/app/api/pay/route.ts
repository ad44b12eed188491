// POST /api/pay: a login code and a product become the five fields for wx.requestPayment.

import { BadRequest } from '../../../../shop.ts'
import { shop } from '../../../shop.ts'

export async function POST(request: Request): Promise<Response> {
  try {
    return Response.json(await shop.pay(await request.json().catch(() => undefined)))
  } catch (error) {
    if (error instanceof BadRequest) return Response.json({ detail: error.message }, { status: 422 })
    console.error(error)
    return Response.json({ detail: '请稍后再试' }, { status: 502 })
  }
}

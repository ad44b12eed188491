// How api.weixin.qq.com refuses: with an errcode, and its text where that is known (miniprogram-server-api §0).

import { miniProgramErrorSpec } from '@cashdesk/protocol/spec'

export class Errcode extends Error {
  readonly errcode: number

  constructor(errcode: number, errmsg: string = miniProgramErrorSpec(errcode).errmsg) {
    super(errmsg)
    this.errcode = errcode
  }
}

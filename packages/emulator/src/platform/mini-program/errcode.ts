// How api.weixin.qq.com says no: an errcode, with the sentence that is known for it (miniprogram-server-api §0).

import { miniProgramErrorSpec } from '@cashdesk/protocol/spec'

export class Errcode extends Error {
  readonly errcode: number

  constructor(errcode: number, errmsg: string = miniProgramErrorSpec(errcode).errmsg) {
    super(errmsg)
    this.errcode = errcode
  }
}

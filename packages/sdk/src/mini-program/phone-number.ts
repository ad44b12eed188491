// The phone number that a user agreed to share: POST /wxa/business/getuserphonenumber.

import { MessageError } from '@cashdesk/protocol'
import type { PhoneInfo, PhoneNumberRequest } from '@cashdesk/protocol/spec'
import { UntrustedAnswerError } from '../errors.ts'
import type { MiniProgramCaller } from './caller.ts'

const PATH = '/wxa/business/getuserphonenumber'

/** `code` comes from the getPhoneNumber button, not from wx.login. @throws MessageError ERR_MESSAGE_TENANT if the answer belongs to another mini program */
export async function phoneNumber(caller: MiniProgramCaller, request: PhoneNumberRequest): Promise<PhoneInfo> {
  const { phone_info } = await caller.send({ endpoint: 'miniPhoneNumber', method: 'POST', path: PATH, body: request }, 'phone_info')
  const { phoneNumber, watermark } = phone_info as Partial<PhoneInfo>
  if (typeof phoneNumber !== 'string')
    throw new UntrustedAnswerError('ERR_ANSWER_UNTRUSTED', { request: `POST ${PATH}`, reason: 'no phoneNumber' })
  if (watermark?.appid !== caller.appid) throw new MessageError('ERR_MESSAGE_TENANT', { where: 'watermark.appid' })
  return phone_info as PhoneInfo
}

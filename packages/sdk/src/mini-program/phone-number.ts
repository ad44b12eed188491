// The phone number that a user agreed to share: POST /wxa/business/getuserphonenumber.

import { MessageError, MINI_PROGRAM_ENDPOINTS } from '@cashdesk/protocol'
import type { PhoneInfo, PhoneNumberRequest } from '@cashdesk/protocol/spec'
import { UntrustedAnswerError } from '../errors.ts'
import { nameOf } from './ask.ts'
import type { MiniProgramCaller } from './caller.ts'

/** `code` comes from the getPhoneNumber button, not from wx.login. @throws MessageError ERR_MESSAGE_TENANT if the answer belongs to another mini program */
export async function phoneNumber(caller: MiniProgramCaller, request: PhoneNumberRequest): Promise<PhoneInfo> {
  const { phone_info } = await caller.send({ endpoint: 'miniPhoneNumber', body: request }, 'phone_info')
  const { phoneNumber, watermark } = phone_info as Partial<PhoneInfo>
  if (typeof phoneNumber !== 'string')
    throw new UntrustedAnswerError('ERR_ANSWER_UNTRUSTED', {
      request: nameOf(MINI_PROGRAM_ENDPOINTS.miniPhoneNumber),
      reason: 'no phoneNumber',
    })
  if (watermark?.appid !== caller.appid) throw new MessageError('ERR_MESSAGE_TENANT', { where: 'watermark.appid' })
  return phone_info as PhoneInfo
}

// Sends a text to WeChat and checks that it comes back: POST /v3/security/echo.

import type { EchoAnswer } from '@cashdesk/protocol/spec'
import type { Caller } from '../caller.ts'
import { UntrustedAnswerError } from '../errors.ts'
import { checked } from '../shape.ts'

export interface EchoInput {
  echo_message: string
  /** An address of yours: WeChat also sends a notification there, and `receive` gives it as kind `security-echo`. */
  notify_url?: string | undefined
}

export interface Echo extends EchoAnswer {
  /** What `encrypted_echo_message` says. Undefined if the signer cannot open sealed fields, as some key services cannot. */
  opened_echo_message?: string | undefined
}

/**
 * Proves without money that key and serial, mchid, clock, WeChat's key and sealing in both directions are right. The text is sent plain and sealed.
 * @throws UntrustedAnswerError if another text comes back; ApiError (SIGN_ERROR: key, serial, mchid or clock; PARAM_ERROR: the sealed text), NetworkError
 */
export async function echo(caller: Caller, { echo_message, notify_url }: EchoInput): Promise<Echo> {
  const { serial, seal } = await caller.sealer()
  const body = { echo_message, encrypted_echo_message: seal(echo_message), notify_url }
  const answer = checked<EchoAnswer>(await caller.send({ endpoint: 'securityEcho', body, serial }), 'echo_message')
  const sealed = answer.encrypted_echo_message
  const opened_echo_message = sealed === undefined ? undefined : await caller.open?.(sealed)
  if (answer.echo_message !== echo_message || (opened_echo_message ?? echo_message) !== echo_message) {
    throw new UntrustedAnswerError('ERR_ANSWER_UNTRUSTED', { request: 'POST /v3/security/echo', reason: 'another text came back' })
  }
  return { ...answer, opened_echo_message }
}

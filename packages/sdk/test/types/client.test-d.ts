// The client and its errors: no way around verification, and an outcome with every error of a call.

import { expectTypeOf } from 'vitest'
import { ApiError, createWechatPay, NetworkError, RequestError, UntrustedAnswerError, type WechatPayOptions } from '../../src/index.ts'

const options = {
  mchid: '1900000001',
  signer: { serial_no: 'ABCDEF', privateKey: 'pem' },
  apiV3Key: 'k'.repeat(32),
  publicKeys: { PUB_KEY_ID_01: 'pem' },
} satisfies WechatPayOptions

expectTypeOf(createWechatPay).toBeCallableWith(options)
expectTypeOf(createWechatPay).toBeCallableWith({ ...options, platformCertificates: 'download' })

// Verification has no switch, whatever it might be called (D2, D11, D24).
// @ts-expect-error No such option.
createWechatPay({ ...options, verify: false })
// @ts-expect-error No such option.
createWechatPay({ ...options, skipVerification: true })
// @ts-expect-error No such option.
void createWechatPay(options).request('GET', '/v3/certificates', { verify: false })
// @ts-expect-error No such option.
void createWechatPay(options).receive({ headers: new Headers(), body: new Uint8Array() }, { verify: false })
// @ts-expect-error TLS is verified (D28).
createWechatPay({ ...options, rejectUnauthorized: false })

// A number for the merchant loses its leading zero and its meaning.
// @ts-expect-error The merchant number is text.
createWechatPay({ ...options, mchid: 1900000001 })

const { apiV3Key: _key, ...keyless } = options
// Without it no notification can be opened.
// @ts-expect-error The APIv3 key is missing.
createWechatPay(keyless)

declare const error: ApiError | NetworkError | UntrustedAnswerError | RequestError
expectTypeOf(error.outcome).toEqualTypeOf<'refused' | 'unknown'>()
if (error instanceof ApiError) expectTypeOf(error.refusal.signed).toBeBoolean()

// Taking a time-out for a no is how one order is paid twice.
// @ts-expect-error There is no third outcome.
void (error.outcome === 'failed')

// The code comes from a closed list: a misspelt one would never match.
// @ts-expect-error No such code.
void (error.code === 'ERR_NETWROK')

export const all = [ApiError, NetworkError, RequestError, UntrustedAnswerError]

// Mutual TLS: refunds require the merchant's own API certificate (v2-protocol §1). Over plain HTTP no certificate can be shown, so none is required.

import type { KeyObject } from 'node:crypto'
import type { Merchant } from '../../../platform/merchants/merchants.ts'
import type { Exchange } from '../../exchange.ts'
import { V2Refusal } from '../refusal.ts'

/** Checks the client's certificate. @throws V2Refusal CERT_ERROR */
export function checkCertificate({ origin, clientKey }: Exchange, merchant: Merchant, now: number): void {
  if (origin.startsWith('https:') && !belongs(clientKey, merchant, now)) throw new V2Refusal('CERT_ERROR', '证书校验错误')
}

function belongs(clientKey: KeyObject | undefined, { publicKey, notAfter, revoked }: Merchant, now: number): boolean {
  return clientKey !== undefined && publicKey.equals(clientKey) && !revoked && now <= notAfter
}

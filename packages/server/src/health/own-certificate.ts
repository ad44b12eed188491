// Reads a merchant's own certificate, as downloaded from the merchant platform.

import { certificate } from '@cashdesk/sdk'

/** Reads serial number and end (epoch ms) of a PEM certificate. @throws KeyError when it is not a certificate */
export function readCertificate(pem: string): { serial: string; not_after: number } {
  const { serial_no, notAfter } = certificate(pem)
  return { serial: serial_no, not_after: notAfter }
}

// A merchant's own certificate, as the platform gave it to him.

import { X509Certificate } from 'node:crypto'

/** @throws Error when it is not a certificate */
export function readCertificate(pem: string): { serial: string; not_after: number } {
  const certificate = new X509Certificate(pem)
  return { serial: certificate.serialNumber, not_after: certificate.validToDate.getTime() }
}

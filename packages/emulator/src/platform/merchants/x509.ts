// Makes X.509 certificates, of merchants and of the platform, as PEM that any client can read.

import { createPublicKey, type KeyObject, sign } from 'node:crypto'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  BasicConstraints,
  Certificate,
  Extension,
  Extensions,
  GeneralName,
  Name,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509'

export interface CertificateInput {
  /** Upper-case hex. The first bit must be clear, because DER would read the number as negative otherwise. */
  serial_no: string
  commonName: string
  notBefore: number
  notAfter: number
  privateKey: KeyObject
  /** Who signs the certificate; it is self-signed when absent. */
  issuer?: { commonName: string; privateKey: KeyObject }
  /** Whether it may sign other certificates. */
  authority?: true
  /** The names and addresses in a server's certificate. */
  hosts?: { names: readonly string[]; addresses: readonly string[] }
}

const SHA256_WITH_RSA = '1.2.840.113549.1.1.11'

/** Makes a certificate. It is self-signed unless an issuer is given, because no check here looks at WeChat's chain. */
export function makeCertificate(input: CertificateInput): string {
  const spki = createPublicKey(input.privateKey).export({ type: 'spki', format: 'der' })
  const algorithm = new AlgorithmIdentifier({ algorithm: SHA256_WITH_RSA, parameters: null })
  const issuer = input.issuer ?? input
  const extensions = extensionsOf(input)
  const tbs = new TBSCertificate({
    version: Version.v3,
    serialNumber: bytes(Buffer.from(input.serial_no, 'hex')),
    signature: algorithm,
    issuer: nameOf(issuer.commonName),
    validity: new Validity({ notBefore: new Date(input.notBefore), notAfter: new Date(input.notAfter) }),
    subject: nameOf(input.commonName),
    subjectPublicKeyInfo: AsnConvert.parse(spki, SubjectPublicKeyInfo),
    ...(extensions.length > 0 && { extensions: new Extensions(extensions) }),
  })
  const signature = sign('RSA-SHA256', Buffer.from(AsnConvert.serialize(tbs)), issuer.privateKey)
  const certificate = new Certificate({ tbsCertificate: tbs, signatureAlgorithm: algorithm, signatureValue: bytes(signature) })
  return pem(Buffer.from(AsnConvert.serialize(certificate)))
}

function extensionsOf({ authority, hosts }: CertificateInput): Extension[] {
  const made: Extension[] = []
  if (authority) made.push(extension('2.5.29.19', new BasicConstraints({ cA: true })))
  if (hosts) {
    const names = hosts.names.map((dNSName) => new GeneralName({ dNSName }))
    const addresses = hosts.addresses.map((iPAddress) => new GeneralName({ iPAddress }))
    made.push(extension('2.5.29.17', new SubjectAlternativeName([...names, ...addresses])))
  }
  return made
}

function extension(extnID: string, value: object): Extension {
  return new Extension({ extnID, critical: extnID === '2.5.29.19', extnValue: new OctetString(AsnConvert.serialize(value)) })
}

function nameOf(commonName: string): Name {
  return distinguishedName({ '2.5.4.3': commonName, '2.5.4.10': 'Cashdesk Emulator', '2.5.4.6': 'CN' })
}

function distinguishedName(attributes: Record<string, string>): Name {
  return new Name(
    Object.entries(attributes).map(([type, text]) => {
      const value = type === '2.5.4.6' ? new AttributeValue({ printableString: text }) : new AttributeValue({ utf8String: text })
      return new RelativeDistinguishedName([new AttributeTypeAndValue({ type, value })])
    }),
  )
}

/** Copies the bytes, because the ASN.1 library needs an ArrayBuffer of its own and not a view into Node's pool. */
function bytes(buffer: Buffer): ArrayBuffer {
  return new Uint8Array(buffer).buffer
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

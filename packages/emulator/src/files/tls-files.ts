// ca.pem and the certificate of the TLS port, kept in the folder so that a client has to trust the CA only once.

import { X509Certificate } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TlsKeys, tlsKeys } from '../platform/merchants/authority.ts'
import { type Clock, systemClock } from '../ports/clock.ts'

const FILES = { ca_cert: 'ca.pem', server_cert: 'tls_cert.pem', server_key: 'tls_key.pem' } as const

export async function loadTls(dir: string | undefined, clock: Clock = systemClock): Promise<TlsKeys> {
  if (dir === undefined) return tlsKeys(clock.now())
  const kept = await readTls(dir)
  if (kept && new X509Certificate(kept.server_cert).validToDate.getTime() > clock.now()) return kept
  const made = await tlsKeys(clock.now())
  await mkdir(dir, { recursive: true })
  await Promise.all(names().map((name) => writeFile(join(dir, FILES[name]), made[name], { mode: name === 'server_key' ? 0o600 : 0o644 })))
  return made
}

async function readTls(dir: string): Promise<TlsKeys | undefined> {
  try {
    const [ca_cert = '', server_cert = '', server_key = ''] = await Promise.all(
      names().map((name) => readFile(join(dir, FILES[name]), 'utf8')),
    )
    return { ca_cert, server_cert, server_key }
  } catch {
    return undefined
  }
}

function names(): (keyof typeof FILES)[] {
  return ['ca_cert', 'server_cert', 'server_key']
}

// WeChat Pay public keys (微信支付公钥, v3-protocol §7): taken from the configuration, with ids PUB_KEY_ID_….

import { publicKey } from '@cashdesk/protocol'
import type { KeySource } from './trust.ts'

/** `keys` maps `PUB_KEY_ID_…` to PEM. WeChat is asked to sign with the first. @throws KeyError, TypeError */
export function publicKeys(keys: Readonly<Record<string, string>>): KeySource {
  const parsed = new Map(Object.entries(keys).map(([id, pem]) => [checkId(id), publicKey(pem)]))
  const first = parsed.entries().next().value
  return {
    known: (serial) => parsed.get(serial),
    find: async (serial) => parsed.get(serial),
    held: () => [...parsed.keys()].map((serial) => ({ serial, not_after: null })),
    preferred: async () => first && { serial: first[0], key: first[1] },
  }
}

function checkId(id: string): string {
  if (!/^PUB_KEY_ID_[0-9A-Z]+$/i.test(id)) throw new TypeError(`not a WeChat Pay public key id (PUB_KEY_ID_…): ${id.slice(0, 40)}`)
  return id.toUpperCase()
}

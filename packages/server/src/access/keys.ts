// API keys from the configuration file and from the database. Only their hashes are stored.

import type { Scope } from '@cashdesk/contract'
import { SCOPES_DEFAULT } from '@cashdesk/contract'
import type { Clock, Random } from '@cashdesk/sdk'
import type { ApiKeyRow, Store } from '@cashdesk/store'
import type { ApiKeyConfig } from '../config/config.ts'
import { sha256 } from './hash.ts'
import type { Strangers } from './strangers.ts'
import { mintToken } from './tokens.ts'

export interface ApiKey {
  /** Identifies the key in limits and in the audit log. It is not secret and grants nothing. */
  id: string
  merchants: readonly string[]
  scopes: readonly Scope[]
  /** Epoch milliseconds; null for one that does not expire. */
  expires_at: number | null
}

/** Whether a person uses this key: its acts go into the audit log. A backend's keys act for all customers and appear only in the history. */
export function isOperator(key: ApiKey): boolean {
  return key.scopes.includes('admin')
}

/** `address` is the key by which failed attempts are counted. @throws Problem too_many_requests */
export type FindKey = (token: string, address: string | undefined) => Promise<ApiKey | undefined>

/** Keys are looked up by their hash, so response times reveal nothing about them. */
export function keyRing(configured: readonly ApiKeyConfig[], store: Store, clock: Clock, strangers: Strangers): FindKey {
  const fixed = new Map(
    configured.map((one) => {
      const hash = hashOf(one)
      // The default id comes from the hash, not from the position in the file: reordering the file must not give one key the id of another.
      return [hash, { id: one.id ?? `config:${hash.slice(0, 8)}`, expires_at: expiryOf(one), ...grants(one) }]
    }),
  )
  return async (token, address) => {
    const hash = sha256(token)
    const now = clock.now()
    const known = fixed.get(hash)
    if (known) return known.expires_at === null || known.expires_at > now ? known : undefined
    // Only tokens with our prefix are looked up in the database.
    if (!token.startsWith(PREFIX)) return undefined
    const row = await strangers.lookUp(token, address, () => store.transaction((tx) => tx.apiKeys.use(hash, now)))
    // Scopes were checked when the key was made (contract).
    return row && { id: row.prefix, merchants: row.merchants, scopes: row.scopes as Scope[], expires_at: row.expires_at }
  }
}

const PREFIX = 'cdk_live_'

/** `cdk_live_<prefix>_<43 characters>`: leak scanners recognise the head, lists show the prefix, and the MAC at the end proves that we issued it. */
export function newKey(secret: string, random: Random): { prefix: string; key: string; key_hash: string } {
  const prefix = Buffer.from(random(4)).toString('hex')
  const key = mintToken(secret, `${PREFIX}${prefix}_`, random)
  return { prefix, key, key_hash: sha256(key) }
}

/**
 * Whether two keys may stand for two people: neither made the other, and no key made both, at any depth. A configured
 * key is a root. A key whose maker is not known is related to every key, because anybody may have made it.
 */
export function areUnrelated(a: string, b: string, keys: readonly ApiKeyRow[]): boolean {
  const rootOfA = rootOf(a, keys)
  const rootOfB = rootOf(b, keys)
  return rootOfA !== null && rootOfB !== null && rootOfA !== rootOfB
}

/** Follows the makers of a key back to the first one; null when a maker is not known. */
function rootOf(id: string, keys: readonly ApiKeyRow[]): string | null {
  const row = keys.find(({ prefix }) => prefix === id)
  if (!row) return id
  // A maker is older than the keys it made, so the recursion ends. Removing the row keeps that true if rows were edited by hand.
  return row.made_by === null
    ? null
    : rootOf(
        row.made_by,
        keys.filter((one) => one !== row),
      )
}

function hashOf({ key, key_hash }: ApiKeyConfig): string {
  return key === undefined ? (key_hash ?? '').toLowerCase() : sha256(key)
}

function expiryOf({ expires_at }: ApiKeyConfig): number | null {
  return expires_at === undefined ? null : Date.parse(expires_at)
}

function grants({ merchants, scopes }: ApiKeyConfig): Pick<ApiKey, 'merchants' | 'scopes'> {
  return { merchants, scopes: scopes ?? SCOPES_DEFAULT }
}

// API keys: those of the configuration file, and those kept in the database. Both are known by their hash only.

import type { Scope } from '@cashdesk/contract'
import { SCOPES_DEFAULT } from '@cashdesk/contract'
import type { Clock, Random } from '@cashdesk/sdk'
import type { ApiKeyRow, Store } from '@cashdesk/store'
import type { ApiKeyConfig } from '../config/config.ts'
import { sha256 } from './hash.ts'
import type { Strangers } from './strangers.ts'
import { mintToken } from './tokens.ts'

export interface ApiKey {
  /** Tells keys apart, in limits and in the audit log; opens nothing. */
  id: string
  merchants: readonly string[]
  scopes: readonly Scope[]
  /** Epoch milliseconds; null for one that does not expire. */
  expires_at: number | null
}

/** A key in a person's hands: what it does goes into the audit log. A backend's own keys act for every customer, and are named in the history only. */
export function isOperator(key: ApiKey): boolean {
  return key.scopes.includes('admin')
}

/** `address`: what failed attempts are counted by. @throws Problem too_many_requests */
export type FindKey = (token: string, address: string | undefined) => Promise<ApiKey | undefined>

/** Looking a key up by its hash leaves nothing to be timed. */
export function keyRing(configured: readonly ApiKeyConfig[], store: Store, clock: Clock, strangers: Strangers): FindKey {
  const fixed = new Map(
    configured.map((one) => {
      const hash = hashOf(one)
      // Not its place in the file: another order there must not make one key pass for another.
      return [hash, { id: one.id ?? `config:${hash.slice(0, 8)}`, expires_at: expiryOf(one), ...grants(one) }]
    }),
  )
  return async (token, address) => {
    const hash = sha256(token)
    const now = clock.now()
    const known = fixed.get(hash)
    if (known) return known.expires_at === null || known.expires_at > now ? known : undefined
    // Only what looks like one of ours is worth a look into the database.
    if (!token.startsWith(PREFIX)) return undefined
    const row = await strangers.lookUp(token, address, () => store.transaction((tx) => tx.apiKeys.use(hash, now)))
    // Scopes were checked when the key was made (contract).
    return row && { id: row.prefix, merchants: row.merchants, scopes: row.scopes as Scope[], expires_at: row.expires_at }
  }
}

const PREFIX = 'cdk_live_'

/** `cdk_live_<prefix>_<43 characters>`: recognisable by scanners for leaked secrets, named by its prefix in lists, and known to be ours by its end. */
export function newKey(secret: string, random: Random): { prefix: string; key: string; key_hash: string } {
  const prefix = Buffer.from(random(4)).toString('hex')
  const key = mintToken(secret, `${PREFIX}${prefix}_`, random)
  return { prefix, key, key_hash: sha256(key) }
}

/**
 * Whether two keys are two pairs of eyes: neither made the other, and no key made both, at any depth. A configured key is a root. A key whose maker
 * is not known could be anybody's, so it is unrelated to none.
 */
export function areUnrelated(a: string, b: string, keys: readonly ApiKeyRow[]): boolean {
  const rootOfA = rootOf(a, keys)
  const rootOfB = rootOf(b, keys)
  return rootOfA !== null && rootOfB !== null && rootOfA !== rootOfB
}

/** The first maker in the line of a key; null when the line breaks off. */
function rootOf(id: string, keys: readonly ApiKeyRow[]): string | null {
  const row = keys.find(({ prefix }) => prefix === id)
  if (!row) return id
  // A maker is older than what it made, so the line ends; rows that were changed by hand must not make it endless.
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

// API keys: those of the configuration file, and those kept in the database. Both are known by their hash only.

import type { Scope } from '@cashdesk/contract'
import { SCOPES_DEFAULT } from '@cashdesk/contract'
import type { Clock, Random } from '@cashdesk/sdk'
import type { Store } from '@cashdesk/store'
import type { ApiKeyConfig } from './config.ts'
import { sha256 } from './hash.ts'

export interface ApiKey {
  /** Tells keys apart, in limits and in the audit log; opens nothing. */
  id: string
  merchants: readonly string[]
  scopes: readonly Scope[]
}

/** A key in a person's hands: what it does goes into the audit log. A backend's own keys act for every customer, and are named in the history only. */
export function isOperator(key: ApiKey): boolean {
  return key.scopes.includes('admin')
}

export type FindKey = (token: string) => Promise<ApiKey | undefined>

/** Looking a key up by its hash leaves nothing to be timed. */
export function keyRing(configured: readonly ApiKeyConfig[], store: Store, clock: Clock): FindKey {
  const fixed = new Map(
    configured.map((one) => {
      const hash = hashOf(one)
      // Not its place in the file: another order there must not make one key pass for another.
      return [hash, { id: `config:${hash.slice(0, 8)}`, expires_at: expiryOf(one), ...grants(one) }]
    }),
  )
  return async (token) => {
    const hash = sha256(token)
    const now = clock.now()
    const known = fixed.get(hash)
    if (known) return known.expires_at > now ? known : undefined
    // Only what looks like one of ours is worth a look into the database.
    if (!token.startsWith(PREFIX)) return undefined
    const row = await store.transaction((tx) => tx.apiKeys.use(hash, now))
    // Scopes were checked when the key was made (contract).
    return row && { id: row.prefix, merchants: row.merchants, scopes: row.scopes as Scope[] }
  }
}

const PREFIX = 'cdk_live_'

/** `cdk_live_<prefix>_<32 random bytes>`: recognisable by scanners for leaked secrets, and named by its prefix in lists. */
export function newKey(random: Random): { prefix: string; key: string; key_hash: string } {
  const prefix = Buffer.from(random(4)).toString('hex')
  const key = `${PREFIX}${prefix}_${Buffer.from(random(32)).toString('base64url')}`
  return { prefix, key, key_hash: sha256(key) }
}

function hashOf({ key, key_hash }: ApiKeyConfig): string {
  return key === undefined ? (key_hash ?? '').toLowerCase() : sha256(key)
}

function expiryOf({ expires_at }: ApiKeyConfig): number {
  return expires_at === undefined ? Number.POSITIVE_INFINITY : Date.parse(expires_at)
}

function grants({ merchants, scopes }: ApiKeyConfig): Pick<ApiKey, 'merchants' | 'scopes'> {
  return { merchants, scopes: scopes ?? SCOPES_DEFAULT }
}

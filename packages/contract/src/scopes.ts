// What an API key may do. A key has some of these scopes; a call needs one.

import { z } from 'zod'

export const SCOPES = ['orders:write', 'refunds:write', 'read', 'webhooks', 'metrics', 'backup', 'admin'] as const

/**
 * `orders:write` places orders and begins payments · `refunds:write` gives money back · `read` sees orders, refunds and events ·
 * `webhooks` registers endpoints and sends events again · `metrics` reads `/metrics` · `backup` copies the whole
 * database · `admin` creates API keys, decides about orders in review and reads the log of operators. No scope includes another.
 */
export type Scope = (typeof SCOPES)[number]

/** The scopes of a configured key without `scopes`: everything that a backend needs, without `metrics`, `backup` and `admin`. */
export const SCOPES_DEFAULT: readonly Scope[] = ['orders:write', 'refunds:write', 'read', 'webhooks']

export const scope: z.ZodType<Scope> = z.enum(SCOPES)

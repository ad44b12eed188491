// Input where WeChat reads the fields it knows and lets others pass (v2, api.weixin.qq.com): the spec's closed schemas, with unknown fields taken away first.

import type { Issue, Schema } from './v3/validate.ts'

/** `value` loses its unknown fields. */
export function lenient<T>(schema: Schema<T>, value: unknown): { data: T } | { issue: Issue | undefined } {
  const first = schema.safeParse(value)
  if (first.success) return { data: first.data }
  for (const issue of first.error.issues) dropUnknown(value, issue)
  const result = schema.safeParse(value)
  return result.success ? { data: result.data } : { issue: result.error.issues[0] }
}

function dropUnknown(value: unknown, issue: Issue): void {
  if (!('keys' in issue) || !Array.isArray(issue.keys)) return
  const holder = valueAt(value, issue.path)
  if (typeof holder !== 'object' || holder === null) return
  for (const key of issue.keys) Reflect.deleteProperty(holder, String(key))
}

export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (holder, name) => (typeof holder === 'object' && holder !== null ? Reflect.get(holder, name) : undefined),
    value,
  )
}

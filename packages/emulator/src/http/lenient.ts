// Checks input where WeChat ignores unknown fields (v2, api.weixin.qq.com). The spec's schemas refuse them, so they are removed first.

import type { Issue, Schema } from './v3/validate.ts'

/** Checks `value` after removing its unknown fields, in place. */
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

// Paths of setData: `order.items[0].name` names a nested value.

/** Sets the value, creates objects and arrays that are missing on the way, and returns the first name of the path. */
export function setPath(data: Record<string, unknown>, path: string, value: unknown): string {
  const keys = [...path.matchAll(/([^.[\]]+)|\[(\d+)\]/g)].map(([, name, index]) => name ?? Number(index))
  const [first, ...more] = keys
  if (first === undefined) throw new TypeError(`setData: not a path: "${path}"`)
  let key = first
  // Each step enters an object or an array. Both have keys that are names or numbers.
  let target = data as Record<string | number, unknown>
  for (const next of more) {
    const inside = target[key]
    if (typeof inside !== 'object' || inside === null) target[key] = typeof next === 'number' ? [] : {}
    target = target[key] as Record<string | number, unknown>
    key = next
  }
  target[key] = value
  return String(first)
}

// Finds WeChat's Chinese name of a field, by following the path of the error through the schema.

/** The title given in the spec, or the field's own name when the spec gives none. */
export function titleAt(schema: unknown, path: readonly PropertyKey[]): string {
  const last = String(path.at(-1) ?? '请求体')
  const found = path.reduce<unknown>((holder, name) => step(bare(holder), name), schema)
  return titleOf(found) ?? titleOf(bare(found)) ?? last
}

/** Unwraps optional and similar wrappers, down to the schema inside. */
function bare(schema: unknown): unknown {
  const inner = get(get(schema, 'def'), 'innerType')
  return inner === undefined ? schema : bare(inner)
}

function step(schema: unknown, name: PropertyKey): unknown {
  const def = get(schema, 'def')
  return get(get(def, 'shape'), name) ?? get(def, 'element')
}

function titleOf(schema: unknown): string | undefined {
  const meta = get(schema, 'meta')
  const title = typeof meta === 'function' ? get(Reflect.apply(meta, schema, []), 'title') : undefined
  return typeof title === 'string' ? title : undefined
}

function get(holder: unknown, name: PropertyKey): unknown {
  return typeof holder === 'object' && holder !== null ? Reflect.get(holder, name) : undefined
}

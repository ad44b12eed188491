// Reads a JSON file that a person wrote, field by field. An error names the exact place in the file.

export interface Fields {
  /** The place of this object in the file, for error messages: `merchants.json merchants[1]`. */
  at: string
  values: Readonly<Record<string, unknown>>
}

export interface Form {
  pattern: RegExp
  en: string
  zh: string
}

export function fieldsOf(value: unknown, at: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError(`${at} must be a JSON object / 必须是 JSON 对象`)
  }
  return { at, values: value as Fields['values'] }
}

/** The objects of a list. An absent list is read as an empty one. */
export function listOf(fields: Fields, name: string): Fields[] {
  const value = fields.values[name] ?? []
  if (!Array.isArray(value)) throw new TypeError(`${fields.at} ${name} must be a list / 必须是数组`)
  return value.map((item, index) => fieldsOf(item, `${fields.at} ${name}[${index}]`))
}

export function optional(fields: Fields, name: string, form: Form): string | undefined {
  return fields.values[name] === undefined ? undefined : matching(fields, name, form)
}

export function matching(fields: Fields, name: string, { pattern, en, zh }: Form): string {
  const value = fields.values[name]
  if (typeof value !== 'string' || !pattern.test(value)) throw new TypeError(`${fields.at} ${name} must be ${en} / 应为${zh}`)
  return value
}

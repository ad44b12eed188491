// Turns the path of an endpoint into the path of one request.

/** The names in `{braces}` of a path, as keys: `/a/{b}/c/{d}` has `b` and `d`. */
export type PathParts<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? { [Key in Name]: string } & PathParts<Rest>
  : unknown

/** Replaces each `{name}` by its value, percent-encoded, so that the signature covers exactly what is sent (v3-protocol §2). */
export function fillPath(path: string, parts: Readonly<Record<string, string>>): string {
  return path.replace(/\{([a-z_]+)\}/g, (_, name: string) => {
    const value = parts[name]
    // URL parsers resolve '.' and '..' in any encoding.
    if (!value || /^\.{1,2}$/.test(value)) throw new TypeError(`${name} is not usable in a path: ${JSON.stringify(value)}`)
    return encodeURIComponent(value)
  })
}

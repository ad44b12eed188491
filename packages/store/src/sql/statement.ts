// A statement that Kysely builds and compiles once; later calls only change its parameters. Used for every order, because building costs more than running.

import type { Compilable, CompiledQuery, Kysely, QueryResult } from 'kysely'
import type { Tables } from '../schema.ts'

/** Placeholder in the built statement for the parameter with this name. */
class Place {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

/** Every call must have the same parameter names. */
export type Statement<Parameters, Row = unknown> = (parameters: Parameters) => Promise<QueryResult<Row>>

/** `build` gets placeholders instead of values, so it must not inspect them. */
export function statement<Parameters extends object, Row = unknown>(
  db: Kysely<Tables>,
  build: (parameters: Parameters) => Compilable<Row>,
): Statement<Parameters, Row> {
  let compiled: CompiledQuery<Row> | undefined
  return (parameters) => {
    compiled ??= build(placesOf(parameters)).compile()
    const values = parameters as Record<string, unknown>
    return db.executeQuery({ ...compiled, parameters: compiled.parameters.map((one) => (one instanceof Place ? values[one.name] : one)) })
  }
}

function placesOf<Parameters extends object>(parameters: Parameters): Parameters {
  return Object.fromEntries(Object.keys(parameters).map((name) => [name, new Place(name)])) as Parameters
}

// A statement that Kysely builds and compiles once; later calls only change its parameters. Used for every order, because building costs more than running.

import type { Compilable, CompiledQuery, QueryResult } from 'kysely'
import type { Database } from './database.ts'

/** Placeholder in the built statement for the parameter with this name. */
class Place {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

/** Every call must have the same parameter names. */
export type Statement<Parameters, Row = unknown> = (parameters: Parameters) => Promise<QueryResult<Row>>

/** A statement whose result nobody reads. Its error may reject a later statement, or the commit; see `Connection.executeLater`. */
export type Write<Parameters> = (parameters: Parameters) => Promise<void>

/** `build` gets placeholders instead of values, so it must not inspect them. */
export function statement<Parameters extends object, Row = unknown>(
  db: Database,
  build: (parameters: Parameters) => Compilable<Row>,
): Statement<Parameters, Row> {
  const compiled = compiledOnce(build)
  return (parameters) => db.lent.executeQuery(compiled(parameters))
}

/** Like `statement`, for writes whose result nobody reads. */
export function write<Parameters extends object>(db: Database, build: (parameters: Parameters) => Compilable): Write<Parameters> {
  const compiled = compiledOnce(build)
  return (parameters) => db.lent.executeLater(compiled(parameters))
}

function compiledOnce<Parameters extends object, Row>(
  build: (parameters: Parameters) => Compilable<Row>,
): (parameters: Parameters) => CompiledQuery<Row> {
  let compiled: CompiledQuery<Row> | undefined
  return (parameters) => {
    compiled ??= build(placesOf(parameters)).compile()
    const values = parameters as Record<string, unknown>
    return { ...compiled, parameters: compiled.parameters.map((one) => (one instanceof Place ? values[one.name] : one)) }
  }
}

function placesOf<Parameters extends object>(parameters: Parameters): Parameters {
  return Object.fromEntries(Object.keys(parameters).map((name) => [name, new Place(name)])) as Parameters
}

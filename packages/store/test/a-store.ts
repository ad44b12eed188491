// A store for a test, on the engine under test.

import { aDatabase } from '../../../test/support/database.ts'
import { openStore, type Store } from '../src/index.ts'
import { NOW } from './builders.ts'

let bytes = 0
/** Random enough: never the same twice. */
export const random = (count: number): Uint8Array => Uint8Array.from({ length: count }, () => bytes++ % 256)

export async function aStore(url?: string): Promise<Store> {
  return openStore(url ?? (await aDatabase()), { now: () => NOW, random })
}

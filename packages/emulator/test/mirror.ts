// A second state, built only from the changes that the journal of an emulator writes down. It must equal the emulator's own
// whenever something is written and after every test: a part of the platform that changes a record and does not say so
// fails the test that made it do so.

import { isDeepStrictEqual } from 'node:util'
import { afterEach, expect } from 'vitest'
import type { BuiltEmulator, Emulator } from '../src/emulator.ts'
import type { PlatformState } from '../src/platform/kept/state.ts'
import { recordsOf } from '../src/platform/kept/state-records.ts'

const mirrors: (() => Promise<void>)[] = []

export function mirrored({ emulator, keep }: BuiltEmulator): Emulator {
  let records = recordsOf(asKept(emulator.state()))
  let different: { kept: PlatformState; real: PlatformState } | undefined
  const compare = (): void => {
    const [kept, real] = [records.state(), asKept(emulator.state())]
    // The first difference tells most, so a later agreement does not hide it.
    if (!isDeepStrictEqual(kept, real)) different ??= { kept: asKept(kept), real }
  }
  keep({
    write(changes) {
      records.apply(asKept(changes))
      compare()
    },
    renew() {
      records = recordsOf(asKept(emulator.state()))
    },
  })
  mirrors.push(async () => {
    // Any request writes down what a test changed without one.
    await emulator.fetch(new Request(`${emulator.settings.base_url}/_emulator/clock`))
    compare()
    if (different) expect(different.kept, 'what would be on disk').toEqual(different.real)
  })
  return emulator
}

/** As a file gives it back. */
function asKept<T>(value: T): T {
  return JSON.parse(JSON.stringify(value))
}

afterEach(async () => {
  for (const check of mirrors.splice(0)) await check()
})

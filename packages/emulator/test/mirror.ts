// A second state, built only from the changes that the journal of an emulator writes down. It must equal the emulator's own
// after every test: a part of the platform that changes a record and does not say so fails the test that made it do so.

import { afterEach, expect } from 'vitest'
import type { BuiltEmulator, Emulator } from '../src/emulator.ts'
import { recordsOf, type StateRecords } from '../src/platform/state-records.ts'

const mirrors: { emulator: Emulator; records(): StateRecords | undefined }[] = []

export function mirrored({ emulator, keep }: BuiltEmulator): Emulator {
  let records: StateRecords | undefined
  keep({
    write: (changes) => records?.apply(asKept(changes)),
    renew() {
      records = recordsOf(asKept(emulator.state()))
    },
  })
  mirrors.push({ emulator, records: () => records })
  return emulator
}

/** As a file gives it back. */
function asKept<T>(value: T): T {
  return JSON.parse(JSON.stringify(value))
}

afterEach(async () => {
  for (const { emulator, records } of mirrors.splice(0)) {
    // Any request writes down what a test changed without one.
    await emulator.fetch(new Request(`${emulator.settings.base_url}/_emulator/clock`))
    expect(records()?.state(), 'what is kept on disk').toEqual(asKept(emulator.state()))
  }
})

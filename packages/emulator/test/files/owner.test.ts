// B12: with sudo, which port 443 needs, the files are the caller's and not root's.

import { chownSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startEmulator, sudoCaller } from '../../src/index.ts'

test('B12: who called sudo is known to root only', () => {
  const env = { SUDO_UID: '501', SUDO_GID: '20' }
  expect(sudoCaller(env, 0)).toEqual({ uid: 501, gid: 20 })
  expect(sudoCaller(env, 501)).toBeUndefined()
  expect(sudoCaller(env, undefined)).toBeUndefined()
  expect(sudoCaller({}, 0)).toBeUndefined()
  expect(sudoCaller({ SUDO_UID: '0', SUDO_GID: '0' }, 0)).toBeUndefined()
  expect(sudoCaller({ SUDO_UID: 'x', SUDO_GID: '20' }, 0)).toBeUndefined()
})

test.skipIf(process.getuid?.() !== 0)('B12: everything that root writes is given to the caller, the folded state file too', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'emulator-owner-'))
  const dir = join(parent, 'wechat')
  mkdirSync(dir)
  writeFileSync(join(dir, 'of-another'), '')
  chownSync(join(dir, 'of-another'), 12_346, 12_346)
  const stateFile = join(parent, 'state')
  const running = await startEmulator({ port: 0, tlsPort: 0, dir, stateFile, owner: { uid: 12_345, gid: 12_345 } })
  running.emulator.addUser('小刚')
  const ownerOf = (path: string): number => statSync(path).uid
  for (const name of await readdir(dir)) expect([name, ownerOf(join(dir, name))]).toEqual([name, name === 'of-another' ? 12_346 : 12_345])
  expect(ownerOf(dir)).toBe(12_345)
  expect(ownerOf(stateFile)).toBe(12_345)
  await running.close()
  expect(ownerOf(stateFile)).toBe(12_345)
  await rm(parent, { recursive: true })
})

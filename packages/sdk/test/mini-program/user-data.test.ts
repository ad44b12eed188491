// User data as a program opens it: its own appid, its own clock.

import { rawDataSignature, sealUserData } from '@cashdesk/protocol'
import { expect, test } from 'vitest'
import { aPlatform, NOW } from './platform.ts'

const session_key = Buffer.alloc(16, 7).toString('base64')
const seal = (appid: string, timestamp: number) =>
  sealUserData(session_key, Buffer.alloc(16, 1), { nickName: 'Band', watermark: { appid, timestamp } })

test('fresh data of this program opens; no call is made', () => {
  const platform = aPlatform()
  const program = platform.program()
  expect(program.openUserData({ session_key, ...seal(program.appid, NOW / 1000) })).toMatchObject({ nickName: 'Band' })
  expect(() => program.openUserData({ session_key, ...seal('wxother', NOW / 1000) })).toThrow(
    expect.objectContaining({ code: 'ERR_MESSAGE_TENANT' }),
  )
  expect(platform.seen).toEqual([])
})

test('five minutes by default, a day at most', () => {
  const program = aPlatform().program()
  const old = { session_key, ...seal(program.appid, NOW / 1000 - 301) }
  expect(() => program.openUserData(old)).toThrow(expect.objectContaining({ code: 'ERR_WATERMARK_WINDOW' }))
  expect(program.openUserData({ ...old, age_ms_max: 600_000 })).toHaveProperty('nickName')
  for (const age_ms_max of [0, Number.NaN, Number.POSITIVE_INFINITY])
    expect(() => program.openUserData({ ...old, age_ms_max })).toThrow(TypeError)
})

test('rawData is parsed once its signature holds', () => {
  const program = aPlatform().program()
  const rawData = '{"nickName":"Band"}'
  const signature = rawDataSignature(session_key, rawData)
  expect(program.openRawData({ session_key, rawData, signature })).toEqual({ nickName: 'Band' })
  expect(() => program.openRawData({ session_key, rawData: '{"nickName":"Bond"}', signature })).toThrow(
    expect.objectContaining({ code: 'ERR_SIGNATURE_MISMATCH' }),
  )
})

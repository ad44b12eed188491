// kill -9 at random moments under load (G1): clients that repeat, customers that pay, and a server that is killed and started again and again.

import { setTimeout as pause } from 'node:timers/promises'
import { type EmulatorKeys, generateKeys } from '@cashdesk/emulator'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { aShop, type Shop } from './shop.ts'
import { aStory, atTheEnd, nothingPromised } from './story.ts'

/** CI kills a hundred times, a developer's run less often. */
const KILLS = Number(process.env['CASHDESK_KILLS'] ?? 10)
const CUSTOMERS = 4

let keys: EmulatorKeys
beforeAll(async () => {
  keys = await generateKeys()
})
let shop: Shop | undefined
afterEach(() => shop?.close())

test(
  `G1: killed ${KILLS} times`,
  async () => {
    shop = await aShop(keys)
    const running = shop
    const promised = nothingPromised()
    let served = 0
    let storm = true
    const customer = async (who: number): Promise<void> => {
      for (let n = 1; storm; n++) {
        await aStory(running, `KILL-${who}-${String(n).padStart(4, '0')}`, promised)
        served++
      }
    }
    const customers = Array.from({ length: CUSTOMERS }, (_, who) => customer(who))
    const killer = (async () => {
      while (running.deaths() < KILLS) {
        await pause(Math.random() * 600)
        await running.kill()
      }
      storm = false
    })()
    await Promise.all([killer, ...customers])
    expect(await atTheEnd(running, promised)).toEqual([])
    console.log(`${served} stories, the server died ${running.deaths()} times`)
    expect(served).toBeGreaterThanOrEqual(CUSTOMERS)
  },
  60_000 + KILLS * 20_000,
)

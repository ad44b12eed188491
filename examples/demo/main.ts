// `npm run demo`: one payment from login to event, and everything that can go wrong, in separate processes on real sockets.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { processes } from './processes.ts'
import { cancelled, duplicateIgnored, paid, recovered, refused } from './scenes.ts'
import { good, title } from './transcript.ts'
import { startWorld } from './world.ts'

const folder = mkdtempSync(join(tmpdir(), 'cashdesk-demo-'))
const children = processes(folder)

async function play(): Promise<void> {
  title('Starting  启动')
  const world = await startWorld(folder, children)
  good(`WeChat on loopback   ${world.wechat.base_url}`)
  good(`payment server       ${world.server}   (SQLite in a temporary folder)`)
  good(`two shops' backends  ${world.shops.shop}   ${world.shops.mall}`)
  const stage = { world, processes: children }

  const direct = await paid(stage, 'shop')
  await paid(stage, 'mall')
  await cancelled(stage)
  await recovered(stage)
  await duplicateIgnored(stage, direct)
  await refused(stage)
}

try {
  await play()
  await children.stop()
  rmSync(folder, { recursive: true })
  console.log('\ndemo: 2 paid, 1 cancelled, 1 recovered, 1 duplicate ignored, 1 refused — all as expected')
} catch (error) {
  await children.stop()
  console.error(`\ndemo: not as expected: ${error instanceof Error ? error.message : error}\nlogs: ${folder}`)
  process.exitCode = 1
}

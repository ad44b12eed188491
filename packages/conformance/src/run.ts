// Puts a client through every scenario, one after the other, against a WeChat of its own.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEmulator, startEmulator } from '@cashdesk/emulator'
import { createDriver } from './driver.ts'
import type { Played, Scenario } from './scenario.ts'
import { SCENARIOS } from './scenarios.ts'
import { type Caught, createStage, type Watched } from './stage.ts'

export interface Verdict {
  scenario: string
  en: string
  zh: string
  right: 'accepted' | 'rejected'
  /** `wrong`: taken as true, but told otherwise than it is. */
  was: Played['kind']
  /** Whether the client is right. A function it does not offer is neither. */
  verdict: 'pass' | 'fail' | 'skip'
  /** What the client said, or what was wrong. */
  detail?: string
}

export interface ConformanceOptions {
  /** A shell command: the driver. */
  driver: string
  /** Only scenarios whose names begin so. */
  only?: string
  /** 20000 when absent. */
  answer_ms?: number
  /** Called after each scenario. */
  onVerdict?: (verdict: Verdict) => void
}

export async function runConformance({
  driver: command,
  only = '',
  answer_ms = 20_000,
  onVerdict,
}: ConformanceOptions): Promise<Verdict[]> {
  const dir = await mkdtemp(join(tmpdir(), 'cashdesk-conformance-'))
  const caught: Caught[] = []
  const running = await startEmulator({ port: 0, dir, fetch: catchInto(caught) })
  const second: Caught[] = []
  const byCertificate: Watched = {
    caught: second,
    emulator: await createEmulator({ keys: running.emulator.keys, fetch: catchInto(second), behaviour: { public_key_share: 0 } }),
  }
  const driver = createDriver({ command, settings: join(dir, 'emulator.json'), answer_ms })
  const stage = createStage({ public_key: { emulator: running.emulator, caught }, platform_certificate: byCertificate }, driver)
  try {
    const verdicts: Verdict[] = []
    for (const scenario of SCENARIOS.filter(({ name }) => name.startsWith(only))) {
      const verdict = judge(scenario, await scenario.play(stage))
      verdicts.push(verdict)
      onVerdict?.(verdict)
    }
    return verdicts
  } finally {
    driver.stop()
    await running.close()
    await rm(dir, { recursive: true })
  }
}

function judge({ name, en, zh, right }: Scenario, played: Played): Verdict {
  const verdict = played.kind === 'not offered' ? 'skip' : played.kind === right ? 'pass' : 'fail'
  return {
    scenario: name,
    en,
    zh,
    right,
    was: played.kind,
    verdict,
    ...('error' in played && played.error !== '' && { detail: played.error.slice(0, 300) }),
  }
}

/** Notifications go nowhere but into the hands of the scenario. */
function catchInto(caught: Caught[]): (request: Request) => Promise<Response> {
  return async (request) => {
    caught.push({ headers: Object.fromEntries(request.headers), body: await request.text() })
    return new Response(null, { status: 204 })
  }
}

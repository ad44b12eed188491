// Runs every scenario against a client, one after the other, with an emulator of the run's own.

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
  /** `wrong`: the client accepted it, but reported other facts. */
  was: Played['kind']
  /** Whether the client behaved correctly. `skip`: the client does not offer the function. */
  verdict: 'pass' | 'fail' | 'skip'
  /** What the client answered, or what was wrong with it. */
  detail?: string
}

export interface ConformanceOptions {
  /** The shell command that starts the driver. */
  driver: string
  /** Only scenarios whose names begin with this text. */
  only?: string
  /** Milliseconds that the client has for each answer; 20000 when absent. */
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
  const running = await startEmulator({
    port: 0,
    dir,
    // The client may verify with either kind of key; what signs a notification is the scenario's choice.
    keyKind: 'both',
    behaviour: { public_key_share: 10_000 },
    fetch: catchInto(caught),
  })
  const second: Caught[] = []
  const byCertificate: Watched = {
    caught: second,
    emulator: await createEmulator({ keys: running.emulator.keys, fetch: catchInto(second), keyKind: 'certificate' }),
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

/** Collects notifications for the scenario instead of sending them. */
function catchInto(caught: Caught[]): (request: Request) => Promise<Response> {
  return async (request) => {
    caught.push({ headers: Object.fromEntries(request.headers), body: await request.text() })
    return new Response(null, { status: 204 })
  }
}

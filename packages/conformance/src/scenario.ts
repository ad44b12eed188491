// One scenario: what is done to a client, and what a client that can be trusted with money makes of it.

import type { DriverAnswer } from './driver.ts'
import type { Stage } from './stage.ts'

export interface Scenario {
  /** Stable, for programs: `notification.altered`. */
  name: string
  en: string
  zh: string
  /** What is right: taken as true, or refused. */
  right: 'accepted' | 'rejected'
  /** What the client made of it; a text says what was wrong with an answer that it took as true. */
  play(stage: Stage): Promise<DriverAnswer | { kind: 'wrong'; error: string }>
}

export type Played = Awaited<ReturnType<Scenario['play']>>

/** What the client took as true must also be true. */
export function holding(answer: DriverAnswer, facts: Readonly<Record<string, unknown>>): Played {
  if (answer.kind !== 'accepted') return answer
  for (const [path, fact] of Object.entries(facts)) {
    const told = path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], answer.result)
    if (told !== fact) return { kind: 'wrong', error: `${path} is ${JSON.stringify(told)}, not ${JSON.stringify(fact)}` }
  }
  return answer
}

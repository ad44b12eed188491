// One scenario: what is done to a client, and how a client that can be trusted with money must react.

import type { DriverAnswer } from './driver.ts'
import type { Stage } from './stage.ts'

export interface Scenario {
  /** A stable name for programs, such as `notification.altered`. */
  name: string
  en: string
  zh: string
  /** The correct reaction: accept it as true, or reject it. */
  right: 'accepted' | 'rejected'
  /** Plays the scenario and gives the client's reaction. `wrong` carries what was incorrect in an answer that the client accepted. */
  play(stage: Stage): Promise<DriverAnswer | { kind: 'wrong'; error: string }>
}

export type Played = Awaited<ReturnType<Scenario['play']>>

/** Checks that an answer which the client accepted also states the right facts. */
export function holding(answer: DriverAnswer, facts: Readonly<Record<string, unknown>>): Played {
  if (answer.kind !== 'accepted') return answer
  for (const [path, fact] of Object.entries(facts)) {
    const told = path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], answer.result)
    if (told !== fact) return { kind: 'wrong', error: `${path} is ${JSON.stringify(told)}, not ${JSON.stringify(fact)}` }
  }
  return answer
}

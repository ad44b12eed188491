// Asks WeChat for everything that is open and prints the result: for `repair`, and for `restore` after restoring.

import { type Config, createWorld, type Found, type Repaired, repair } from '@cashdesk/server'
import type { Store } from '@cashdesk/store'
import type { Talk } from './command/declaration.ts'
import type { Say } from './command/language.ts'

interface Wanted {
  since: number | undefined
  merchant?: string | undefined
  per_second: number
  /** One JSON object per result, and no summary. */
  json: boolean
}

export async function repaired(config: Config, store: Store, { json, ...wanted }: Wanted, { say, progress }: Talk): Promise<Repaired> {
  const line = progress({ en: 'asking WeChat', zh: '正在查询微信' })
  let asked = 0
  const counting = (request: Request): Promise<Response> => {
    line.at(say({ en: `${++asked} requests`, zh: `已请求 ${asked} 次` }, ' '))
    return fetch(request)
  }
  const report = (found: Found): void => line.around(() => console.log(json ? JSON.stringify(found) : foundLine(found, say)))
  const result = await repair(createWorld(config, { store, retries: 2, fetch: counting }), { ...wanted, report }).finally(line.end)
  if (!json) console.log(summary(result, say))
  return result
}

function foundLine({ merchant, kind, number, what, from, to }: Found, say: Say): string {
  const subject = `${merchant}  ${kind} ${number}  `
  switch (what) {
    case 'changed':
      return `${subject}${from} → ${to}`
    case 'no answer':
      return `${subject}${from}, ${say({ en: 'WeChat did not answer: run it again', zh: '微信未应答，请再次运行' }, '  ')}`
    case 'needs a person':
      return `${subject}${from} → ${to}, ${say({ en: 'needs a person', zh: '须人工处理' }, '  ')}`
  }
}

function summary({ asked, changed, no_answer, for_a_person }: Repaired, say: Say): string {
  return say({
    en: `repair: ${asked} asked, ${changed} changed, ${no_answer} without an answer, ${for_a_person} for a person`,
    zh: `共查询 ${asked}，变更 ${changed}，未应答 ${no_answer}，须人工处理 ${for_a_person}`,
  })
}

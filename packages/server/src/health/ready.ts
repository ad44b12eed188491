// Whether this process may receive requests, and if not, why: a code for programs, a sentence for people.

import type { Language } from '../http/answer.ts'
import type { World } from '../world.ts'
import { faultOfDatabase } from './database.ts'
import { LAG_MS_MAX } from './lag.ts'
import { type Untrusted, untrusted } from './trust.ts'

export type Wrong = 'draining' | 'database' | 'schema' | 'keys' | 'clock' | 'event_loop'

const SENTENCES: Readonly<Record<Wrong, Readonly<Record<Language, string>>>> = {
  draining: { en: 'The server is about to stop.', zh: '服务即将停止。' },
  database: {
    en: 'The database cannot be written. Look at its log, its disk and the way there.',
    zh: '数据库无法写入，请检查其日志、磁盘与网络。',
  },
  schema: {
    en: 'The database has another schema than this version wants. Run `cashdesk migrate`, or the version that migrated it.',
    zh: '数据库结构与本版本不符，请运行 `cashdesk migrate`，或改用完成迁移的版本。',
  },
  keys: {
    en: 'No merchant can verify WeChat, or be verified by it: certificates could not be downloaded, or keys are wrong. `merchants` says which; look at the API v3 key and the network.',
    zh: '所有商户均无法与微信互相验签：平台证书下载失败，或密钥有误，详见 `merchants`；请检查 APIv3 密钥与网络。',
  },
  clock: {
    en: 'The clock of this machine is more than a minute from WeChat’s. Let it be set by NTP.',
    zh: '本机时钟与微信相差超过一分钟，请启用 NTP 校时。',
  },
  event_loop: { en: 'This process is too busy to answer in time.', zh: '进程繁忙，无法及时应答。' },
}

export interface Readiness {
  ok: boolean
  wrong?: Wrong[]
  /** Why the database cannot be written, in one word. */
  reason?: string
  /** A sentence for each code in `wrong`. */
  detail?: Partial<Record<Wrong, string>>
  /** Merchants whose keys are wrong, also while others can be served. */
  merchants?: Untrusted[]
}

export async function readiness(world: World, draining: boolean, language: Language): Promise<Readiness> {
  // A draining process is not checked further, because the check could delay its end.
  const fault = draining ? undefined : await faultOfDatabase(world)
  const wrong: Wrong[] = draining ? ['draining'] : [...(fault ? [fault.wrong] : []), ...ofProcess(world)]
  const merchants = untrusted(world.merchants.values(), language)
  const named = merchants.length > 0 && { merchants }
  if (wrong.length === 0) return { ok: true, ...named }
  const cause = fault && 'reason' in fault && { reason: fault.reason }
  return { ok: false, wrong, ...cause, detail: Object.fromEntries(wrong.map((one) => [one, SENTENCES[one][language]])), ...named }
}

function ofProcess({ merchants, skew, lag }: World): Wrong[] {
  const wrong: Wrong[] = []
  // The server is not ready only if the keys of all merchants are wrong: one merchant must not take the others offline.
  const all = [...merchants.values()]
  if (all.every(({ wechatpay, trust }) => wechatpay.trustedKeys().length === 0 || trust.faults().length > 0)) wrong.push('keys')
  // An unknown difference is not an error: WeChat may be unreachable, and orders can be placed all the same.
  if (skew.isWrong()) wrong.push('clock')
  if (lag.ms() > LAG_MS_MAX) wrong.push('event_loop')
  return wrong
}

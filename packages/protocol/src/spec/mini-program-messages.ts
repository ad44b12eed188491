// Subscribe messages (miniprogram-server-api §6). The name of a key tells the format of its value.

import { z } from 'zod'
import { MINI_PROGRAM_ENDPOINTS } from '../endpoints/mini-program.ts'
import type { MiniProgramEndpoint } from './mini-program.ts'

export interface SubscribeMessage {
  /** openid of a user who accepted this template. */
  touser: string
  template_id: string
  /** A page of this mini program, with or without query. Without it the card cannot be tapped. */
  page?: string | undefined
  /** `{ thing1: { value: '拿铁' } }`, with the keys of the template. */
  data: Readonly<Record<string, { value: string }>>
  /** Default `formal`. */
  miniprogram_state?: 'developer' | 'trial' | 'formal' | undefined
  /** Default `zh_CN`. */
  lang?: 'zh_CN' | 'en_US' | 'zh_HK' | 'zh_TW' | undefined
}

const characters = (max: number): RegExp => new RegExp(`^[\\s\\S]{1,${max}}$`, 'u')
const NUMBER = /^-?[0-9]{1,32}(?:\.[0-9]{1,32})?$/
const CLOCK = '(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?'
/** A day or a part of one: `2019年10月1日`, `2019年10月`, `10月1日`, `2018-01-01`, `2018-01`, `01-01`; also with `/` or `.`. */
const DAY =
  '(?:[0-9]{4}年[0-9]{1,2}月(?:[0-9]{1,2}日)?|[0-9]{1,2}月[0-9]{1,2}日|(?:[0-9]{4}[-/.])?[0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{4}[-/.][0-9]{1,2})'

/** Rules by the first letters of a key. A key that is not listed is accepted, because its rule is known only from the template. */
const RULES: Readonly<Record<string, RegExp>> = {
  thing: /^[^\r\n]{1,20}$/u,
  number: NUMBER,
  letter: /^[A-Za-z]{1,32}$/,
  symbol: characters(5),
  character_string: /^[\u0020-\u007e]{1,32}$/,
  time: new RegExp(`^(?:${DAY} ?)?${CLOCK}(?:~(?:${DAY} ?)?${CLOCK})?$`),
  date: new RegExp(`^${DAY}(?: ?${CLOCK})?(?:~${DAY}(?: ?${CLOCK})?)?$`),
  amount: /^\p{Sc}?[0-9]{1,10}(?:\.[0-9]{1,10})?元?$/u,
  phone_number: /^[0-9+\-() ]{1,17}$/,
  car_number: characters(8),
  name: /^(?:[\p{Script=Han}A-Za-z .·-]{1,10}|[A-Za-z .·-]{1,20})$/u,
  phrase: /^\p{Script=Han}{1,5}$/u,
}

export const miniSubscribeMessage: MiniProgramEndpoint<SubscribeMessage> = {
  ...MINI_PROGRAM_ENDPOINTS.miniSubscribeMessage,
  body: z.strictObject({
    touser: z.string().min(1).max(128),
    template_id: z.string().min(1).max(128),
    page: z.string().min(1).max(1024).optional(),
    data: z.record(z.string().regex(/^[a-z_]+[0-9]*$/), z.strictObject({ value: z.string().min(1) })).superRefine((data, context) => {
      for (const [key, { value }] of Object.entries(data)) {
        const rule = RULES[key.replace(/[0-9]+$/, '')]
        if (rule && !rule.test(value))
          context.addIssue({ code: 'custom', path: [key, 'value'], message: `breaks the rule of ${key.replace(/[0-9]+$/, '')}` })
      }
    }),
    miniprogram_state: z.enum(['developer', 'trial', 'formal']).optional(),
    lang: z.enum(['zh_CN', 'en_US', 'zh_HK', 'zh_TW']).optional(),
  }),
  errcodes: [40003, 40037, 43101, 43107, 43108, 45168, 47003],
  source: 'miniprogram-server-api §6',
}

// upload_time with milliseconds: two uploads within one second must differ, and the later upload needs the later time (miniprogram-server-api §8.3).

import { beijingTime } from '@cashdesk/protocol'

/** `2022-12-15T13:29:35.120+08:00` */
export function beijingTimeMs(ms: number): string {
  return beijingTime(ms).replace('+', `.${String(Math.floor(ms) % 1000).padStart(3, '0')}+`)
}

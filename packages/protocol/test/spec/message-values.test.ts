// B10: values of subscribe messages, as the official page gives them (miniprogram-server-api §6).

import { miniSubscribeMessage } from '@cashdesk/protocol/spec'
import { expect, test } from 'vitest'

function isTaken(key: string, value: string): boolean {
  const message = { touser: 'o1', template_id: 'T1', data: { [key]: { value } } }
  return miniSubscribeMessage.body?.safeParse(message).success ?? false
}

test.each([
  ['date1', '2019年10月1日'],
  ['date1', '2019年10月'],
  ['date1', '10月1日'],
  ['date1', '2018-01-01'],
  ['date1', '2018-01'],
  ['date1', '01-01'],
  ['date1', '2018/01/01'],
  ['date1', '2019年10月1日 15:01'],
  ['date1', '2019年10月~2019年11月'],
  ['date1', '2018-01-01~2018-02-01'],
  ['time2', '15:01'],
  ['time2', '15:01:30'],
  ['time2', '2019年10月1日 15:01'],
  ['time2', '10:00~11:00'],
  ['name1', '张三'],
  ['name1', '张三A'],
  ['name1', 'Anne-Marie'],
  ['name1', '阿依古丽·买买提'],
  ['name1', 'Jean-Luc Picard'],
  ['amount1', '100'],
  ['amount1', '¥100.123'],
  ['amount1', '100.12元'],
  ['thing1', '拿铁，热'],
])('B10: %s may be %j', (key, value) => {
  expect(isTaken(key, value)).toBe(true)
})

test.each([
  ['date1', '昨天'],
  ['date1', '2019年'],
  ['date1', '20191001'],
  ['time2', '25:00'],
  ['name1', '一二三四五六七八九十一'],
  ['name1', 'a name of more than 20'],
  ['name1', '张三1'],
  ['amount1', '12345678901'],
  ['amount1', '百元'],
  ['thing1', '两行\n字'],
  ['thing1', '一二三四五六七八九十一二三四五六七八九十一'],
])('B10: %s may not be %j', (key, value) => {
  expect(isTaken(key, value)).toBe(false)
})

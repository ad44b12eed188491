// The message push settings of the mini program console:
// sets an address after it has answered the verification request, and sends any message on demand (miniprogram-server-api §10).

import { encodingAesKey, formatPush, sealUrlCheck } from '@cashdesk/protocol/message-push'
import { Hono } from 'hono'
import type { PushSettings } from '../../../platform/mini-program/push.ts'
import { SENDER } from '../../../platform/notifications/channel.ts'
import { post } from '../../../platform/notifications/post.ts'
import type { Platform } from '../../../platform/platform.ts'
import { randomDigits } from '../../../ports/random.ts'
import { ControlError, invalidInput } from '../control-error.ts'
import { type Input, optionalText, readInput, requiredText } from '../input.ts'
import { readAppid, readUser } from '../user.ts'

export function messagePushRoutes(platform: Platform): Hono {
  const { pushes } = platform.miniPrograms
  const hono = new Hono()

  hono.get('/message-push', (c) =>
    c.json({ settings: Object.fromEntries([...pushes.settings].map(([appid, { url, format }]) => [appid, { url, format }])) }),
  )
  hono.post('/message-push', async (c) => {
    const input = await readInput(c.req.raw)
    const appid = readAppid(platform, input)
    const settings = settingsOf(input)
    if (!(await echoes(platform, settings))) {
      const zh = '消息推送地址没有在 5 秒内原样返回 echostr，Token 是否一致？'
      throw new ControlError(400, 'URL_CHECK_FAILED', 'The address did not give echostr back as it is. Is the token the same?', zh)
    }
    pushes.settings.set(appid, settings)
    return c.json({ appid, url: settings.url, format: settings.format })
  })

  hono.post('/message-push/send', async (c) => {
    const input = await readInput(c.req.raw)
    const { appid, openid } = readUser(platform, input)
    const { message } = input
    if (typeof message !== 'object' || message === null || Array.isArray(message))
      throw invalidInput('message', 'must be an object', '必须是对象')
    const settings = pushes.settings.get(appid)
    if (!settings)
      throw new ControlError(400, 'PUSH_NOT_SET', 'This mini program has no push address yet.', '该小程序尚未设置消息推送地址。')
    checkWritable(settings, message)
    return c.json({ id: pushes.announce(appid, { FromUserName: openid, ...message }) })
  })

  return hono
}

function settingsOf(input: Input): PushSettings {
  const url = requiredText(input, 'url')
  if (!URL.canParse(url)) throw invalidInput('url', 'must be a URL', '必须是 URL')
  const token = requiredText(input, 'token')
  if (!/^[0-9A-Za-z]{3,32}$/.test(token)) throw invalidInput('token', 'must be 3 to 32 letters and digits', '必须是 3 到 32 位字母或数字')
  const format = optionalText(input, 'format') ?? 'json'
  if (format !== 'json' && format !== 'xml') throw invalidInput('format', "must be 'json' or 'xml'", '必须是 json 或 xml')
  const encoding_aes_key = optionalText(input, 'encoding_aes_key')
  if (encoding_aes_key === undefined) return { url, token, format }
  try {
    encodingAesKey(encoding_aes_key)
  } catch {
    throw invalidInput('encoding_aes_key', 'must be 43 letters and digits', '必须是 43 位字母或数字')
  }
  return { url, token, format, encoding_aes_key }
}

/** XML carries only texts and numbers here, and not every character: checks that the message can be written. */
function checkWritable({ format }: PushSettings, message: object): void {
  try {
    formatPush(format, { ...message })
  } catch (error) {
    throw invalidInput('message', error instanceof Error ? error.message : 'XML cannot carry it', 'XML 无法表示：只能是字符串或数字')
  }
}

async function echoes(platform: Platform, { url, token }: PushSettings): Promise<boolean> {
  const { clock, random } = platform
  const timestamp = String(Math.floor(clock.now() / 1000))
  const query = sealUrlCheck({ token }, { timestamp, nonce: randomDigits(random, 10), echostr: randomDigits(random, 19) })
  const asked = new URL(url)
  for (const [name, value] of Object.entries(query)) asked.searchParams.set(name, value)
  const request = new Request(asked, { redirect: 'manual', headers: SENDER })
  const heard = await post(platform, request, async (answer) => (await answer.text()) === query.echostr)
  return 'status' in heard && heard.status === 200 && heard.error === undefined
}

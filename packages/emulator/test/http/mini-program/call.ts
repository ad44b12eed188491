// Calls to api.weixin.qq.com by hand.

import { answerOf, type World } from '../../world.ts'

export async function call(
  { emulator }: World,
  method: 'GET' | 'POST',
  path: string,
  query: Record<string, string> = {},
  body?: unknown,
): Promise<Record<string, unknown>> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const url = `${emulator.settings.base_url}${path}?${new URLSearchParams(query)}`
  const answer = await answerOf(await emulator.fetch(new Request(url, { method, ...(body !== undefined && { body: text }) })))
  if (answer.status !== 200) throw new Error(`HTTP ${answer.status}`)
  return answer.body
}

export async function stableToken(world: World, more: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
  const { appid, app_secret } = world.emulator.settings
  return call(world, 'POST', '/cgi-bin/stable_token', {}, { grant_type: 'client_credential', appid, secret: app_secret, ...more })
}

export async function plainToken(world: World, more: Record<string, string> = {}): Promise<Record<string, unknown>> {
  const { appid, app_secret } = world.emulator.settings
  return call(world, 'GET', '/cgi-bin/token', { grant_type: 'client_credential', appid, secret: app_secret, ...more })
}

/** A call with the token of this world's mini program. */
export async function withToken(world: World, path: string, body: unknown): Promise<Record<string, unknown>> {
  const { access_token } = await stableToken(world)
  return call(world, 'POST', path, { access_token: String(access_token) }, body)
}

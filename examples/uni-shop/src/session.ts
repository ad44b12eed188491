// The user's session at Cashdesk: opened with a login code when first needed, and once more when the server has forgotten it.

import { ask, type Question, Refusal } from './ask'
import { config } from './config'
import { weixinCode } from './weixin'

let session: Promise<string> | undefined

export async function asUser<T>(path: string, question: Question = {}): Promise<T> {
  const url = config.cashdesk + path
  const used = current()
  try {
    return await ask<T>(url, { ...question, token: await used })
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 401) throw error
    // Unless another question has just opened a new one.
    if (session === used) session = undefined
    return ask<T>(url, { ...question, token: await current() })
  }
}

/** Many questions share one login; a login that failed is not kept. */
function current(): Promise<string> {
  if (session) return session
  const opening = logIn()
  session = opening
  opening.catch(() => {
    if (session === opening) session = undefined
  })
  return opening
}

async function logIn(): Promise<string> {
  const code = await weixinCode()
  const data = { appid: config.appid, code }
  const { token } = await ask<{ token: string }>(`${config.cashdesk}/client/v1/sessions`, { method: 'POST', data })
  return token
}

// appid and AppSecret, where there is no access token yet (miniprogram-server-api §0).

import { Errcode } from '../../platform/mini-program/errcode.ts'

/** @throws Errcode 40013, 40125, 41002, 41004 */
export function checkSecret(secrets: ReadonlyMap<string, string>, { appid, secret }: { appid: unknown; secret: unknown }): string {
  if (typeof appid !== 'string' || appid === '') throw new Errcode(41002)
  if (typeof secret !== 'string' || secret === '') throw new Errcode(41004)
  const known = secrets.get(appid)
  if (known === undefined) throw new Errcode(40013)
  if (known !== secret) throw new Errcode(40125)
  return appid
}

// Checks appid and AppSecret, for the endpoints that work without an access token (miniprogram-server-api §0).

import { Errcode } from '../../platform/mini-program/errcode.ts'

/** Checks that the AppSecret belongs to the appid. @throws Errcode 40013, 40125, 41002, 41004 */
export function checkSecret(secrets: ReadonlyMap<string, string>, { appid, secret }: { appid: unknown; secret: unknown }): string {
  if (typeof appid !== 'string' || appid === '') throw new Errcode(41002)
  if (typeof secret !== 'string' || secret === '') throw new Errcode(41004)
  const known = secrets.get(appid)
  if (known === undefined) throw new Errcode(40013)
  if (known !== secret) throw new Errcode(40125)
  return appid
}

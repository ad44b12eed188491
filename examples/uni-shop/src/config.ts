// The addresses of the shop's backend and of Cashdesk, and the appid of this program. The phone can change them without a rebuild.

import { weixin } from './weixin'

export interface Config {
  /** The merchant's own backend, which sets the prices. */
  backend: string
  /** The Cashdesk server. */
  cashdesk: string
  /** This mini program. Cashdesk signs for exactly this one. */
  appid: string
}

export const config: Config = {
  backend: import.meta.env.VITE_BACKEND ?? 'http://127.0.0.1:3000',
  cashdesk: import.meta.env.VITE_CASHDESK ?? 'http://127.0.0.1:8910',
  // The running program knows its appid, and ext.json may contain `{ "extEnable": true, "ext": { "backend": … } }`.
  appid: weixin?.account.getAccountInfoSync().miniProgram.appId ?? '',
  ...weixin?.account.getExtConfigSync?.(),
}

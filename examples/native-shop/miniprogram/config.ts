// The addresses of the shop's backend and of Cashdesk. ext.json (`{ "extEnable": true, "ext": { "backend": … } }`) can change them without a rebuild.

export interface Config {
  /** The merchant's own backend, which sets the prices. */
  backend: string
  /** The Cashdesk server. */
  cashdesk: string
  /** The running program. Cashdesk signs for exactly this one. */
  appid: string
}

export const config: Config = {
  backend: 'http://127.0.0.1:3000',
  cashdesk: 'http://127.0.0.1:8910',
  appid: wx.getAccountInfoSync().miniProgram.appId,
  ...wx.getExtConfigSync(),
}

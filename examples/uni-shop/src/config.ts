// Where the shop's backend and Cashdesk are. Defaults here; the phone may say otherwise without a rebuild.

export interface Config {
  /** The merchant's own backend: it owns the prices. */
  backend: string
  /** The Cashdesk server. */
  cashdesk: string
  /** This mini program. Cashdesk signs for exactly this one. */
  appid: string
}

export const config: Config = { backend: 'http://127.0.0.1:3000', cashdesk: 'http://127.0.0.1:8910', appid: '' }

// #ifdef MP-WEIXIN
// In WeChat: the running program knows its appid, and ext.json holds `{ "extEnable": true, "ext": { "backend": … } }`.
Object.assign(config, { appid: uni.getAccountInfoSync().miniProgram.appId }, uni.getExtConfigSync())
// #endif

// #ifdef H5
// In a browser: VITE_BACKEND, VITE_CASHDESK and VITE_APPID when building, then the address `?backend=…&cashdesk=…&appid=…`.
const query = new URLSearchParams(location.search)
config.backend = query.get('backend') ?? import.meta.env.VITE_BACKEND ?? config.backend
config.cashdesk = query.get('cashdesk') ?? import.meta.env.VITE_CASHDESK ?? config.cashdesk
config.appid = query.get('appid') ?? import.meta.env.VITE_APPID ?? config.appid
// #endif

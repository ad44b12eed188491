// Where the shop's backend and Cashdesk are. Defaults here; the phone may say otherwise without a rebuild.

export interface Config {
  /** The merchant's own backend: it owns the prices. */
  backend: string
  /** The Cashdesk server. */
  cashdesk: string
  /** This mini program. Cashdesk signs for exactly this one. */
  appid: string
}

const DEFAULTS: Config = { backend: 'http://127.0.0.1:3000', cashdesk: 'http://127.0.0.1:8910', appid: '' }

export const config: Config = { ...DEFAULTS, ...given() }

/** In WeChat: ext.json (`{ "extEnable": true, "ext": { … } }`). In a browser: VITE_ variables, then the address `?backend=…&cashdesk=…&appid=…`. */
function given(): Partial<Config> {
  // #ifdef MP-WEIXIN
  return { appid: wx.getAccountInfoSync().miniProgram.appId, ...wx.getExtConfigSync() }
  // #endif
  // #ifdef H5
  const { VITE_BACKEND, VITE_CASHDESK, VITE_APPID } = import.meta.env
  const query = new URLSearchParams(location.search)
  return known({
    backend: query.get('backend') ?? VITE_BACKEND,
    cashdesk: query.get('cashdesk') ?? VITE_CASHDESK,
    appid: query.get('appid') ?? VITE_APPID,
  })
  // #endif
}

// #ifdef H5
function known(values: Record<keyof Config, string | undefined>): Partial<Config> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value))
}
// #endif

// Runs inside the program's own page, before its scripts: the phone around it brings WeChat.

const { weixin } = /** @type {Window & { weixin?: object }} */ (window.parent)
if (window.parent !== window && weixin) {
  // uni-app's own start puts an empty `wx` over whatever is there; in WeChat nobody can.
  Object.defineProperty(window, 'wx', { get: () => weixin, set() {} })
}

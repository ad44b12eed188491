// The real `wx`, as WeChat's own typings describe it, is a WxLike; an object without requestPayment is not.

/// <reference types="miniprogram-api-typings" />
import { type WxLike, wxHost } from '../../src/index.ts'

wxHost(wx)

// @ts-expect-error a host that cannot pay must not compile
const incomplete: WxLike = { login: wx.login, request: wx.request }

export { incomplete }

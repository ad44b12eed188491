// The real `uni`, as DCloud's own typings describe it, is a UniLike; an object without requestPayment is not.

/// <reference types="@dcloudio/types" />
import { type UniLike, uniHost } from '../../src/index.ts'

uniHost(uni)

// @ts-expect-error a host that cannot pay must not compile
const incomplete: UniLike = { login: uni.login, request: uni.request }

export { incomplete }

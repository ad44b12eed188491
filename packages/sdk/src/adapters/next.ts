// Next.js route handlers: `export const POST = nextNotifications({ wechatpay, handle })` in app/…/route.ts.

export { fetchNotifications as nextNotifications } from './fetch.ts'

// Express 4 and 5. Express passes node:http's own objects, so its handler is the one for node:http.

export { nodeNotifications as expressNotifications } from './node.ts'

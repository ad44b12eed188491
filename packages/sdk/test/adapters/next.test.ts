// A Next.js route handler: the function that app/…/route.ts exports as POST, called with real Requests that came over a socket.
// Next.js itself is not installed here: with its compiler it is 320 MB, more than all else together, and it hands a route handler a Request.
// The built server of Next.js 16.4.6 was tried by hand with the packed SDK (2026-11-24): 204, 413 announced and chunked, 500, kept alive.

import { nextNotifications } from '../../src/adapters/index.ts'
import { behaves, fetchOnPort } from './cases.ts'

behaves('Next.js', {
  reads: 'adapter',
  serve: (options) => {
    const POST = nextNotifications(options)
    return fetchOnPort(POST)
  },
  parsed: {
    names: 'next: await request.arrayBuffer()',
    serve: (options) => {
      const answer = nextNotifications(options)
      return fetchOnPort(async (request) => {
        await request.json()
        return answer(request)
      })
    },
  },
})

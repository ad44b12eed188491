// node:http itself.

import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import { nodeNotifications } from '../../src/adapters/index.ts'
import { behaves, onPort } from './cases.ts'

behaves('node:http', {
  reads: 'adapter',
  serve: (options) => onPort(createServer(nodeNotifications(options))),
  parsed: {
    names: 'express.raw',
    serve: (options) => {
      const answer = nodeNotifications(options)
      return onPort(
        createServer(async (request, response) => {
          await answer(Object.assign(request, { body: await json(request) }), response)
        }),
      )
    },
  },
})

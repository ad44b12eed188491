// `npm run test:soak`: tests that prove something only after many minutes of load. No other run includes them.

import { defineConfig } from 'vitest/config'

const conditions = ['@cashdesk/source', 'node']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/*/test/long/*.long.ts', 'test/long/*.long.ts'],
    exclude: ['**/node_modules/**'],
    reporters: ['default', './tools/count-reporter.ts'],
    // Run one after the other, because each of them measures.
    fileParallelism: false,
  },
})

// `npm run test:soak`: what proves something only after many minutes of load. Part of no other run.

import { defineConfig } from 'vitest/config'

const conditions = ['@cashdesk/source', 'node']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/*/test/long/*.long.ts', 'test/long/*.long.ts'],
    exclude: ['**/node_modules/**'],
    reporters: ['default', './tools/count-reporter.ts'],
    // One after the other: each measures.
    fileParallelism: false,
  },
})

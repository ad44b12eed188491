// Tests run the sources through the packages' own export condition: nothing to build first.

import { defineConfig } from 'vitest/config'

const conditions = ['@cashdesk/source', 'node', 'import', 'module', 'default']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'examples/*/test/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**'],
    reporters: ['default', './tools/count-reporter.ts'],
    testTimeout: 20_000,
  },
})

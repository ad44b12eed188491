// Tests run the sources through the packages' own export condition: nothing to build first.

import { existsSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

// 'import' must not be among them: Node would give ES modules to what CommonJS packages require.
const conditions = ['@cashdesk/source', 'node']

/** The uni-app shop has its own install; its bundle is paid with once it is built (`.ci/run` builds it, and README says how). */
const uniShop = existsSync(new URL('examples/uni-shop/dist/build/mp-weixin/app.json', import.meta.url))
  ? ['examples/uni-shop/test/*.mp-weixin.ts']
  : []

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: [
      'packages/*/test/**/*.test.ts',
      'examples/*/test/**/*.test.ts',
      'test/**/*.test.ts',
      'simulation/test/**/*.test.ts',
      ...uniShop,
    ],
    exclude: ['**/node_modules/**'],
    reporters: ['default', './tools/count-reporter.ts'],
    testTimeout: 20_000,
  },
})

// Tests run the sources through the packages' own export condition: nothing to build first. What stands on the store runs on both engines.

import { existsSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

// 'import' must not be among them: Node would give ES modules to what CommonJS packages require.
const conditions = ['@cashdesk/source', 'node']

/** The uni-app shop has its own install; its bundle is paid with once it is built (`.ci/run` builds it, and README says how). */
const uniShop = existsSync(new URL('examples/uni-shop/dist/build/mp-weixin/app.json', import.meta.url))
  ? ['examples/uni-shop/test/*.mp-weixin.ts']
  : []

/** SQLite's own tests are not PostgreSQL's. */
const SQLITE_ONLY = ['packages/store/test/sqlite/**']
const POSTGRES_ONLY = ['packages/store/test/postgres/**', 'test/postgres/**']
const EXCLUDED = ['**/node_modules/**']

const shared = { resolve: { conditions }, ssr: { resolve: { conditions } } }

export default defineConfig({
  ...shared,
  test: {
    reporters: ['default', './tools/count-reporter.ts'],
    projects: [
      {
        ...shared,
        test: {
          name: 'cashdesk',
          include: [
            'packages/*/test/**/*.test.ts',
            'examples/*/test/**/*.test.ts',
            'test/**/*.test.ts',
            'simulation/test/**/*.test.ts',
            ...uniShop,
          ],
          exclude: [...EXCLUDED, ...POSTGRES_ONLY],
          testTimeout: 20_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'postgres',
          include: [
            'packages/store/test/**/*.test.ts',
            'test/journeys/**/*.test.ts',
            'test/crash/**/*.test.ts',
            'test/postgres/**/*.test.ts',
          ],
          exclude: [...EXCLUDED, ...SQLITE_ONLY],
          env: { CASHDESK_TEST_ENGINE: 'postgres' },
          globalSetup: './test/support/postgres-setup.ts',
          testTimeout: 30_000,
        },
      },
    ],
  },
})

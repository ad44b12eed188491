// Tests run the sources through the packages' own export condition: nothing to build first. What stands on the store runs on both engines.

import { existsSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

// 'import' must not be among them: Node would give ES modules to what CommonJS packages require.
const conditions = ['@cashdesk/source', 'node']

/** The uni-app and Taro shops have their own installs; their bundles are paid with once they are built (`.ci/run` builds them). */
const built = [
  ['examples/uni-shop/dist/build/mp-weixin/app.json', 'examples/uni-shop/test/*.mp-weixin.ts'],
  ['examples/taro-shop/dist/app.json', 'examples/taro-shop/test/*.weapp.ts'],
].flatMap(([bundle = '', tests = '']) => (existsSync(new URL(bundle, import.meta.url)) ? [tests] : []))

/** SQLite's own tests are not PostgreSQL's. */
const SQLITE_ONLY = ['packages/store/test/sqlite/**', 'test/crash/sqlite/**']
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
            ...built,
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

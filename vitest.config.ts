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
const POSTGRES = ['packages/store/test/**/*.test.ts', 'test/journeys/**/*.test.ts']
const POSTGRES_LONG = [
  'test/crash/**/*.test.ts',
  'test/postgres/**/*.test.ts',
  'packages/store/test/postgres/**/*.test.ts',
  'test/journeys/statement-sweep.test.ts',
  'test/journeys/close-against-pay.test.ts',
]
const POSTGRES_ONLY = ['packages/store/test/postgres/**', 'test/postgres/**']

/**
 * What takes minutes: kills, sweeps, thousands of seeds, failovers, packed tarballs, browsers at every width. `npm test` leaves it to `npm run test:long`;
 * whoever names a file gets it either way.
 */
const LONG = [
  'test/crash/**',
  'test/browser/**',
  'test/packaging/**',
  'test/postgres/**',
  'test/journeys/statement-sweep.test.ts',
  'test/journeys/close-against-pay.test.ts',
  'simulation/test/**',
  'packages/cli/test/backup.test.ts',
  'packages/cli/test/drain.test.ts',
  'packages/emulator/test/kill.test.ts',
  'packages/store/test/postgres/**',
  'packages/sdk/test/mutation.test.ts',
]
const PART = process.env['CASHDESK_TEST_PART']
const EXCLUDED = ['**/node_modules/**', ...(PART === 'short' ? LONG : [])]
/** Of these files those that belong to the part that runs. */
const parted = (files: string[]): string[] => (PART === 'long' ? LONG.map((glob) => glob.replace(/\*\*$/, '**/*.test.ts')) : files)

/** A host may be slow, and busy with others: a limit of time only ends what would never end. */
const PATIENCE_MS = 180_000
const patience = { testTimeout: PATIENCE_MS, hookTimeout: PATIENCE_MS, expect: { poll: { timeout: PATIENCE_MS / 2 } } }

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
          include: parted([
            'packages/*/test/**/*.test.ts',
            'examples/*/test/**/*.test.ts',
            'test/**/*.test.ts',
            'simulation/test/**/*.test.ts',
            ...built,
          ]),
          exclude: [...EXCLUDED, ...POSTGRES_ONLY],
          ...patience,
        },
      },
      {
        ...shared,
        test: {
          name: 'postgres',
          include: PART === 'long' ? POSTGRES_LONG : [...POSTGRES, ...(PART === 'short' ? [] : POSTGRES_LONG)],
          exclude: [...EXCLUDED, ...SQLITE_ONLY],
          env: { CASHDESK_TEST_ENGINE: 'postgres' },
          globalSetup: './test/support/postgres-setup.ts',
          ...patience,
        },
      },
    ],
  },
})

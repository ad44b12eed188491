// Tests run the sources through the packages' own export condition, so nothing is built first. Tests that use the store run on both engines.

import { existsSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

// 'import' must not be in the list, because Node would then give ES modules to CommonJS packages that call require.
const conditions = ['@cashdesk/source', 'node']

/** The uni-app and Taro shops have their own installs. Tests pay with their bundles if these are built; `npm test` builds them. */
const built = [
  ['examples/uni-shop/dist/build/mp-weixin/app.json', 'examples/uni-shop/test/*.mp-weixin.ts'],
  ['examples/taro-shop/dist/app.json', 'examples/taro-shop/test/*.weapp.ts'],
].flatMap(([bundle = '', tests = '']) => (existsSync(new URL(bundle, import.meta.url)) ? [tests] : []))

/** Tests of SQLite alone do not run on PostgreSQL. */
const SQLITE_ONLY = ['packages/store/test/sqlite/**', 'test/crash/sqlite/**']
const POSTGRES = ['packages/store/test/**/*.test.ts', 'test/journeys/**/*.test.ts']
const POSTGRES_LONG = [
  'test/books/**/*.test.ts',
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
  'test/books/**',
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
/** The test files of the part that runs. */
const parted = (files: string[]): string[] => (PART === 'long' ? LONG.map((glob) => glob.replace(/\*\*$/, '**/*.test.ts')) : files)

/** Hosts may be slow and busy, so this limit only ends tests that would never end. */
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

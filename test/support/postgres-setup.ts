// Runs before the tests of the PostgreSQL project and starts one cluster for all of them. CASHDESK_TEST_POSTGRES names another one to use instead.

import type { TestProject } from 'vitest/node'
import { startCluster } from './postgres.ts'

export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const given = process.env['CASHDESK_TEST_POSTGRES']
  if (given) {
    provide('postgres', given)
    return async () => undefined
  }
  const cluster = await startCluster()
  provide('postgres', cluster.url)
  return () => cluster.stop()
}

declare module 'vitest' {
  interface ProvidedContext {
    postgres: string
  }
}

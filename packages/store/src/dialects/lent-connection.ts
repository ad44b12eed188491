// The driver under Kysely on either engine: transactions are the store's own, so it only lends the one connection that the transaction has.

import type { DatabaseConnection, Driver } from 'kysely'

export function driverOver(connection: DatabaseConnection): Driver {
  const refuse = async (): Promise<void> => {
    throw new TypeError('transactions go through the store')
  }
  return {
    init: async () => {},
    acquireConnection: async () => connection,
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    releaseConnection: async () => {},
    destroy: async () => {},
  }
}

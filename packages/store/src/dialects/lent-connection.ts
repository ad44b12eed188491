// The Kysely driver for both databases. The store manages transactions itself, so the driver only provides the connection of the current one.

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

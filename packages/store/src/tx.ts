// Everything that a transaction can do, over one connection.

import type { Tx } from './port/store.ts'
import type { Sealer } from './sealing/sealer.ts'
import { apiKeys } from './sql/api-keys.ts'
import { auditLog } from './sql/audit-log.ts'
import { books } from './sql/books/books.ts'
import type { Database } from './sql/database.ts'
import { events } from './sql/events.ts'
import { incidents } from './sql/incidents.ts'
import type { Locking } from './sql/locking.ts'
import { notifications } from './sql/notifications.ts'
import { orders } from './sql/orders.ts'
import { processes } from './sql/processes.ts'
import { refunds } from './sql/refunds.ts'
import { refusals } from './sql/refusals.ts'
import { reviews } from './sql/reviews.ts'
import { schedule } from './sql/schedule.ts'
import { sessions } from './sql/sessions.ts'
import { settings } from './sql/settings.ts'
import { telling } from './sql/telling.ts'
import { webhooks } from './sql/webhooks.ts'

export function txOver(db: Database, locking: Locking, sealer: Sealer, eventId: (now: number) => string): Tx {
  const told = telling(db, sealer, eventId)
  return {
    orders: orders(db, locking, sealer, told),
    refunds: refunds(db, locking, told),
    notifications: notifications(db),
    events: events(db, sealer),
    incidents: incidents(db, told),
    refusals: refusals(db),
    webhooks: webhooks(db, locking, sealer),
    sessions: sessions(db, sealer),
    settings: settings(db, sealer),
    apiKeys: apiKeys(db, locking),
    processes: processes(db),
    reviews: reviews(db),
    auditLog: auditLog(db, locking),
    schedule: schedule(db),
    books: books(db, locking),
  }
}

// The world as those see it who must not wait behind requests: notifications, the schedule, deliveries, readiness. Their transactions go first.

import type { Store } from '@cashdesk/store'
import type { World } from '../world.ts'

/** The same world, changes to it included; only its store puts transactions into the reserved lane. */
export function withReserve(world: World): World {
  return Object.create(world, { store: { get: (): Store => reserved(world.store) } }) as World
}

function reserved(store: Store): Store {
  return { ...store, transaction: (work) => store.transaction(work, 'reserved') }
}

// The world for work that must not wait behind requests: notifications, the schedule, deliveries, readiness. Their transactions run first.

import type { Store } from '@cashdesk/store'
import type { World } from '../world.ts'

/** The same world, including later changes to it; only its store uses the reserved lane. */
export function withReserve(world: World): World {
  return Object.create(world, { store: { get: (): Store => reserved(world.store) } }) as World
}

function reserved(store: Store): Store {
  return { ...store, transaction: (work) => store.transaction(work, 'reserved') }
}

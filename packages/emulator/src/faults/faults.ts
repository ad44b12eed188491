// The armed faults. Each strikes a counted number of times, where it matches.

import type { FaultName } from './catalogue.ts'
import type { ArmedFault, FaultInput } from './fault.ts'
import { createWeather, type Weather } from './weather.ts'

export interface Faults {
  add(input: FaultInput): ArmedFault
  list(): readonly ArmedFault[]
  /** Removes one fault, or all of them without `id`. Returns whether there was any. */
  remove(id?: number): boolean
  /** Sets faults that strike by chance, repeatable by seed; `undefined` ends them. */
  setWeather(weather: Weather | undefined): void
  weather(): Weather | undefined
  /** The oldest armed fault among `names` that matches this path; one of its strikes is used up. If none is armed, the weather decides by chance. */
  strike(names: readonly FaultName[], path: string): ArmedFault | undefined
  /** Removes all armed faults and the weather. */
  reset(): void
}

export function createFaults(): Faults {
  let armed: ArmedFault[] = []
  let lastId = 0
  let sky: ReturnType<typeof createWeather> | undefined
  return {
    add(input) {
      lastId += 1
      const fault = { ...input, id: lastId, remaining: input.times ?? 1 }
      armed.push(fault)
      return fault
    },
    list: () => armed,
    remove(id) {
      const before = armed.length
      armed = id === undefined ? [] : armed.filter((fault) => fault.id !== id)
      return armed.length < before
    },
    setWeather(weather) {
      sky = weather && createWeather(weather)
    },
    weather: () => sky?.weather,
    strike(names, path) {
      const fault = armed.find((candidate) => names.includes(candidate.fault) && path.startsWith(candidate.match?.path ?? ''))
      if (!fault) return sky?.strike(names)
      fault.remaining -= 1
      if (fault.remaining <= 0) armed = armed.filter((other) => other !== fault)
      return fault
    },
    reset() {
      armed = []
      sky = undefined
    },
  }
}

export type { Violation } from './audit/audit.ts'
export { CHECKS, type Check } from './audit/checks.ts'
export { openStore, type StoreWindows } from './open.ts'
export * from './store.ts'

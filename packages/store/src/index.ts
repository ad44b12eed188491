export { openStore, type StoreWindows } from './open.ts'
export * from './store.ts'

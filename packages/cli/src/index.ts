export { runDev } from './commands/dev.ts'
export { type DevBackend, type DevOptions, type DevShop, type RunningDev, startDev } from './dev/start-dev.ts'
export { configForEmulator, type EmulatorConfigOptions } from './emulator-config.ts'

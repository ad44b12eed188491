export { configForEmulator, type EmulatorConfigOptions } from './emulator-config.ts'

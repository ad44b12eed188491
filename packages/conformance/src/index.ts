export { CONFORMANCE_USAGE, runConformanceCommand } from './command.ts'
export { type ConformanceOptions, runConformance, type Verdict } from './run.ts'

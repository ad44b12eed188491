export { type ConformanceOptions, runConformance, type Verdict } from './run.ts'

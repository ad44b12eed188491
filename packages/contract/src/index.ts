export * from './client-api.ts'
export * from './merchant-api.ts'
export * from './problems.ts'
export * from './values.ts'

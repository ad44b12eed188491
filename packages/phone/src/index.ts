export { createExchanges, type Exchange, type Exchanges, type Party } from './exchanges.ts'
export { createPhone, type PhoneOptions } from './phone.ts'
export { type RunningPhone, startPhone } from './start.ts'

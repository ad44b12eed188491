// `@cashdesk/sdk/explain`: cause and fix of any code, Request-ID, message or error, in Chinese and English. Loaded only when asked for.

export { type Explained, type Explanation, explain, type Words } from '@cashdesk/protocol/catalogue'

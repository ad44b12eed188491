// `@cashdesk/sdk/explain`: cause and fix of any code, Request-ID, message or error, in Chinese and English. A separate entry, so that its tables load only when
// imported.

export { type Explained, type Explanation, explain, type Words } from '@cashdesk/protocol/catalogue'

// What the tests of the wire have in common.

export const JSAPI = '/v3/pay/transactions/jsapi'

/** The headers of a notification that is not signed in its headers, sorted. */
export const TITLES: readonly string[] = ['Accept', 'Connection', 'Content-Length', 'Content-Type', 'Host', 'User-Agent']

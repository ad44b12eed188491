// Which addresses an event may be sent to: public ones. A merchant chooses the URL and could otherwise make our server call its own network.

import ipaddr from 'ipaddr.js'

/** False for loopback, private, link-local, metadata, multicast, documentation, translated and all other addresses that are not plain public unicast. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  // `process` converts IPv4-mapped addresses: ::ffff:127.0.0.1 is 127.0.0.1.
  const plain = ipaddr.process(address)
  return (
    plain.range() === 'unicast' && !ALSO_PRIVATE.some(([network, bits]) => network.kind() === plain.kind() && plain.match(network, bits))
  )
}

/** Addresses that the library calls public but that are not: old IPv4-compatible and site-local IPv6 addresses, and a cloud's internal service. */
const ALSO_PRIVATE = ['::/96', 'fec0::/10', '168.63.129.16/32'].map((range) => ipaddr.parseCIDR(range))

export interface UrlPolicy {
  /** Hosts of the operator's own network that are allowed nevertheless, as `host` or `host:port`. */
  allow: readonly string[]
}

/** What is wrong with a URL, without resolving its name; undefined if nothing. The resolved address is checked at each connection (fetch.ts). */
export function urlFault(text: string, policy: UrlPolicy): { en: string; zh: string } | undefined {
  let url: URL
  try {
    url = new URL(text)
  } catch {
    return { en: 'not a URL', zh: '不是合法的 URL' }
  }
  if (url.username !== '' || url.password !== '') return { en: 'no user or password in the URL', zh: 'URL 中不能含用户名或密码' }
  if (isAllowed(url, policy)) return undefined
  if (url.protocol !== 'https:') return { en: 'must be https', zh: '必须使用 https' }
  if (url.port !== '') return { en: 'must use port 443', zh: '必须使用 443 端口' }
  // A trailing dot does not change a name: `localhost.` is localhost.
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.+$/, '')
  if (ipaddr.isValid(host) && !isPublicAddress(host)) return { en: 'not a public address', zh: '不是公网地址' }
  if (/^localhost$|\.(localhost|local|internal|lan|home|corp)$/i.test(host) || !host.includes('.')) {
    if (!ipaddr.isValid(host)) return { en: 'not a public host', zh: '不是公网主机' }
  }
  return undefined
}

export function isAllowed(url: URL, policy: UrlPolicy): boolean {
  return (url.protocol === 'https:' || url.protocol === 'http:') && (policy.allow.includes(url.host) || policy.allow.includes(url.hostname))
}

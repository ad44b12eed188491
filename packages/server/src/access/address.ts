// Whose address a request comes from. Only a proxy that the configuration names is believed about X-Forwarded-For; whatever cannot be known still has an
// address to be limited by: that of the connection.

import type { Context } from 'hono'
import ipaddr from 'ipaddr.js'

/** Whether an address is one of our own proxies. */
export type TrustedProxies = (address: string) => boolean

/** What is known about proxies; the world has it. */
export interface ProxyKnowledge {
  /** Undefined where the configuration does not say which proxies there are. */
  proxies: TrustedProxies | undefined
  /** Told of a connection from our own network that forwards for somebody, and is not among them. */
  unknownProxy(peer: string): void
}

/** From addresses and ranges (`10.0.0.0/8`, `::1`). @throws TypeError for anything else */
export function trustedProxies(ranges: readonly string[]): TrustedProxies {
  const known = ranges.map(rangeOf)
  return (address) => {
    if (!ipaddr.isValid(address)) return false
    const plain = ipaddr.process(address)
    return known.some(([network, bits]) => network.kind() === plain.kind() && plain.match(network, bits))
  }
}

export function rangeOf(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text)
  if (!ipaddr.isValid(text)) throw new TypeError(`${text} is neither an address nor a range such as 10.0.0.0/8`)
  const address = ipaddr.process(text)
  return [address, address.kind() === 'ipv4' ? 32 : 128]
}

/**
 * The address at the other end, behind our own proxies; the last proxy's own where they say nothing that can be read. Undefined only where there is no
 * connection: for calls within this process.
 */
function addressOf({ proxies: trusted = () => false, unknownProxy }: ProxyKnowledge, c: Context): string | undefined {
  const { peer } = c.env as { peer?: string }
  if (peer === undefined) return undefined
  if (!trusted(peer)) {
    if (c.req.header('x-forwarded-for') !== undefined && isOwnNetwork(peer)) unknownProxy(peer)
    return peer
  }
  // From the right: each proxy appends whom it was asked by, and what stands further left than the first stranger is that stranger's claim.
  const hops = (c.req.header('x-forwarded-for') ?? '').split(',').map((hop) => hop.trim())
  const client = hops.findLast((hop) => !trusted(hop))
  return client !== undefined && ipaddr.isValid(client) ? client : peer
}

/** What limits count a caller by. An IPv6 customer has a whole /64 to himself. Undefined for calls within this process. */
export function limitKeyOf(knowledge: ProxyKnowledge, c: Context): string | undefined {
  const address = addressOf(knowledge, c)
  if (address === undefined || !ipaddr.isValid(address)) return address
  const plain = ipaddr.process(address)
  if (plain.kind() === 'ipv4') return plain.toString()
  // Of an IPv6 address the first four groups are the network; `process` has taken IPv4 in IPv6 clothes out before.
  const groups = (plain as ipaddr.IPv6).parts.slice(0, 4).map((group) => group.toString(16))
  return `${groups.join(':')}::/64`
}

/**
 * Whether the caller is on this machine. That is known only where the configuration says which proxies there are (`trusted_proxies`, also an empty list):
 * a proxy on this machine that sends no header looks just like a local caller. A page of another site whose name was made to resolve to this machine
 * (DNS rebinding) comes from here too, and is told by the name that it asks for.
 */
export function isLocal({ proxies }: Pick<ProxyKnowledge, 'proxies'>, c: Context): boolean {
  const { peer } = c.env as { peer?: string }
  if (proxies === undefined || peer === undefined || !ipaddr.isValid(peer) || proxies(peer)) return false
  if (['x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'forwarded', 'via'].some((name) => c.req.header(name) !== undefined))
    return false
  return ipaddr.process(peer).range() === 'loopback' && isLoopbackName(new URL(c.req.url).hostname)
}

function isLoopbackName(host: string): boolean {
  const plain = host.replace(/^\[|\]$/g, '')
  return plain === 'localhost' || (ipaddr.isValid(plain) && ipaddr.process(plain).range() === 'loopback')
}

function isOwnNetwork(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() !== 'unicast'
}

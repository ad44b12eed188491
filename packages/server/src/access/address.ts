// Determines the client address of a request. X-Forwarded-For is believed only from a proxy that the configuration
// names; otherwise the address of the connection is used, so every request has an address to limit by.

import type { Context } from 'hono'
import ipaddr from 'ipaddr.js'

/** Whether an address is one of our own proxies. */
export type TrustedProxies = (address: string) => boolean

/** What the world knows about proxies. */
export interface ProxyKnowledge {
  /** Undefined when the configuration does not say which proxies exist. */
  proxies: TrustedProxies | undefined
  /** Called for a peer in our own network that sends X-Forwarded-For but is not a configured proxy. */
  unknownProxy(peer: string): void
}

/** Builds the test from addresses and ranges (`10.0.0.0/8`, `::1`). @throws TypeError for anything else */
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
 * The address of the client behind our own proxies; the last proxy's address when X-Forwarded-For
 * has no readable one. Undefined only where there is no connection: for calls within this process.
 */
function addressOf({ proxies: trusted = () => false, unknownProxy }: ProxyKnowledge, c: Context): string | undefined {
  const { peer } = c.env as { peer?: string }
  if (peer === undefined) return undefined
  if (!trusted(peer)) {
    if (c.req.header('x-forwarded-for') !== undefined && isOwnNetwork(peer)) unknownProxy(peer)
    return peer
  }
  // Read from the right: each proxy appends the address that called it. Entries left of the first unknown address are only that caller's claim.
  const hops = (c.req.header('x-forwarded-for') ?? '').split(',').map((hop) => hop.trim())
  const client = hops.findLast((hop) => !trusted(hop))
  return client !== undefined && ipaddr.isValid(client) ? client : peer
}

/** The key by which limits count a caller. IPv6 counts by /64, because one customer has a whole /64. Undefined for calls within this process. */
export function limitKeyOf(knowledge: ProxyKnowledge, c: Context): string | undefined {
  const address = addressOf(knowledge, c)
  if (address === undefined || !ipaddr.isValid(address)) return address
  const plain = ipaddr.process(address)
  if (plain.kind() === 'ipv4') return plain.toString()
  // The first four groups of an IPv6 address are the network. `process` has converted IPv4-mapped addresses to IPv4 before.
  const groups = (plain as ipaddr.IPv6).parts.slice(0, 4).map((group) => group.toString(16))
  return `${groups.join(':')}::/64`
}

/**
 * Whether the caller is on this machine. This is known only when `trusted_proxies` is configured (an empty list is
 * enough): a proxy on this machine that sends no header looks like a local caller. With DNS rebinding a page of another
 * site resolves its own name to this machine and calls from here too; such a request is recognised by its Host name.
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

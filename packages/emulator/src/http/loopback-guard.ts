// The guard in front of every server on loopback. A web page in the developer's browser can send requests to this machine, by its address or by a host name of
// the page's own that resolves to it (DNS rebinding). Such a page must neither control these servers nor read their private keys.

import type { IncomingMessage } from 'node:http'

export interface GuardRules {
  /** More names of this machine, without port, for example of a cloud IDE or a container. */
  allowedHosts?: readonly string[] | undefined
  /** WeChat's API. Real clients call it under WeChat's host names and with any content type. */
  platform?: { hosts: readonly string[]; paths: RegExp }
  /** Paths where a POST may have any content type, because another party defines it. */
  anyType?: RegExp
}

/** The facts of a request before a parser has normalised it. */
export interface RequestFacts {
  method: string
  /** As in the request line: a path, or an absolute URL. */
  target: string
  /** All values of the header, one for each time that it was sent. */
  header(name: string): readonly string[]
}

export interface Refusal {
  status: 400 | 403 | 415
  code: 'HOST_INVALID' | 'HOST_FOREIGN' | 'ORIGIN_FOREIGN' | 'CONTENT_TYPE_NOT_JSON'
  en: string
  zh: string
}

const refuse = (status: Refusal['status'], code: Refusal['code'], en: string, zh: string): Refusal => ({ status, code, en, zh })

const HOST_INVALID = refuse(
  400,
  'HOST_INVALID',
  'Exactly one Host header with a name and a port is wanted.',
  '须有且仅有一个 Host 头，内容为主机名与端口。',
)
const HOST_FOREIGN = refuse(
  403,
  'HOST_FOREIGN',
  'This server answers only under a name of this machine (localhost, 127.0.0.1, [::1]). Allow another one with --allow-host.',
  '本服务只接受本机名称（localhost、127.0.0.1、[::1]）的请求。其他名称请用 --allow-host 放行。',
)
const ORIGIN_FOREIGN = refuse(403, 'ORIGIN_FOREIGN', 'A page of another origin may not call this server.', '其他来源的网页不得调用本服务。')
const NOT_JSON = refuse(
  415,
  'CONTENT_TYPE_NOT_JSON',
  'Send a JSON body with content-type: application/json.',
  '请求体须为 JSON，content-type 须为 application/json。',
)

/**
 * The names in the form in which the guard compares them.
 * A name that could never match is an error, because its owner would otherwise be refused without a reason.
 */
export function allowedNames(hosts: readonly string[] = []): readonly string[] {
  return hosts.map((host) => {
    const name = nameOf(host)
    if (name === undefined || /:\d+$/.test(host))
      throw new TypeError(`An allowed host is a name without scheme, port and path, as in desk.example. Given: ${JSON.stringify(host)}`)
    return name
  })
}

/** Why this request is refused; undefined when it is allowed. */
export function refusalOf(request: RequestFacts, rules: GuardRules): Refusal | undefined {
  const hosts = hostsOf(request)
  const host = hosts[0]
  const names = hosts.map(nameOf)
  if (host === undefined || names.includes(undefined)) return HOST_INVALID

  const path = pathOf(request.target)
  const isOneOf = (paths: RegExp | undefined): boolean => paths?.test(path) === true && !hasDotSegments(path)
  const isPlatform = isOneOf(rules.platform?.paths)
  const isOwnName = (name: string | undefined): boolean =>
    name !== undefined && (isLoopback(name) || rules.allowedHosts?.includes(name) === true)
  const isPlatformName = (name: string | undefined): boolean =>
    isPlatform && name !== undefined && rules.platform?.hosts.includes(name) === true
  if (!names.every((name) => isOwnName(name) || isPlatformName(name))) return HOST_FOREIGN

  const reads = request.method === 'GET' || request.method === 'HEAD'
  if (isForeignPage(request, host) && !(reads && isTopNavigation(request))) return ORIGIN_FOREIGN
  if (reads || isPlatform || isOneOf(rules.anyType)) return undefined
  return isJson(request) ? undefined : NOT_JSON
}

/** The hosts in the Host header and in an absolute request target. Parsers differ in which one they use, so both must be right. Empty when malformed. */
function hostsOf(request: RequestFacts): readonly string[] {
  const sent = request.header('host')
  if (sent.length !== 1) return []
  if (request.target.startsWith('/')) return sent
  const authority = /^https?:\/\/([^/?#]*)/i.exec(request.target)?.[1]
  return authority === undefined ? [] : [...sent, authority]
}

/** The host without port, in lower case, without the final dot of a full name. Undefined for anything but a plain host, such as one with user and password. */
function nameOf(host: string): string | undefined {
  const match = /^(\[[0-9a-f:]+\]|[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?)(:\d{1,5})?$/i.exec(host)
  return match?.[1]?.toLowerCase().replace(/\.$/, '')
}

function isLoopback(name: string): boolean {
  if (name === 'localhost' || name === '[::1]') return true
  return /^127(\.\d{1,3}){3}$/.test(name) && name.split('.').every((part) => Number(part) <= 255)
}

function pathOf(target: string): string {
  return target.replace(/^https?:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '')
}

/** A parser may resolve `/v3/../_emulator` to another path than the one that was checked here. */
function hasDotSegments(path: string): boolean {
  return /(^|[/\\]|%2f|%5c)(\.|%2e){1,2}([/\\]|%2f|%5c|$)/i.test(path) || path.includes('\\')
}

/**
 * Whether a web page of another origin sent the request. Browsers say so in these headers;
 * other programs send neither. Another port of this machine is another origin.
 */
function isForeignPage(request: RequestFacts, host: string): boolean {
  const foreignSite = request.header('sec-fetch-site').some((site) => site !== 'same-origin' && site !== 'none')
  return foreignSite || request.header('origin').some((origin) => !isSameOrigin(origin, host))
}

function isSameOrigin(origin: string, host: string): boolean {
  if (!URL.canParse(origin)) return false
  const { protocol, host: from } = new URL(origin)
  return /^https?:$/.test(protocol) && URL.canParse(`${protocol}//${host}`) && new URL(`${protocol}//${host}`).host === from
}

/** Whether a person followed a link. The page that opens is ours, and the other site cannot read it. A frame or an image is no such navigation. */
function isTopNavigation(request: RequestFacts): boolean {
  return request.header('sec-fetch-mode')[0] === 'navigate' && request.header('sec-fetch-dest')[0] === 'document'
}

/** Whether the body is JSON. No form, and no fetch without permission, can send this type to another origin. A request without body and type is harmless. */
function isJson(request: RequestFacts): boolean {
  const types = request.header('content-type')
  const hasBody = request.header('transfer-encoding').length > 0 || request.header('content-length').some((length) => length !== '0')
  if (types.length === 0) return !hasBody
  return types.every((type) => /^\s*application\/json\s*(;.*)?$/i.test(type))
}

/** Facts of a request on a socket. The raw headers are read, because node keeps only the first of two Host headers. */
export function factsOfWire({ method = '', url = '', rawHeaders }: Pick<IncomingMessage, 'method' | 'url' | 'rawHeaders'>): RequestFacts {
  return {
    method,
    target: url,
    header: (name) => rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name),
  }
}

/** Facts of a request without a socket. Its URL stands in for the Host header. */
export function factsOfRequest({ method, url, headers, body }: Request): RequestFacts {
  return {
    method,
    target: url,
    header(name) {
      if (name === 'host') return [new URL(url).host]
      if (name === 'transfer-encoding') return body ? ['chunked'] : []
      const value = headers.get(name)
      return value === null ? [] : [value]
    },
  }
}

export function refusalAnswer({ status, code, en, zh }: Refusal): Response {
  return Response.json({ code, en, zh }, { status, headers: { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } })
}

// The one guard of every server on loopback. A web page in the developer's browser can send requests to this machine, under an address of this
// machine or under a name of its own that leads here (DNS rebinding). It must not drive these servers, and not read their private keys.

import type { IncomingMessage } from 'node:http'

export interface GuardRules {
  /** More names of this machine, without port: a cloud IDE's, a container's. */
  allowedHosts?: readonly string[] | undefined
  /** The API of WeChat: real clients call it under WeChat's names and with any content type. */
  platform?: { hosts: readonly string[]; paths: RegExp }
  /** Paths whose POSTs are not ours to read: any content type passes. */
  anyType?: RegExp
}

/** A request before any parser has made it tidy. */
export interface RequestFacts {
  method: string
  /** As in the request line: a path, or a whole address. */
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

/** The names as the guard compares them. A name that could never match would leave its owner refused without a reason, so it is an error. */
export function allowedNames(hosts: readonly string[] = []): readonly string[] {
  return hosts.map((host) => {
    const name = nameOf(host)
    if (name === undefined || /:\d+$/.test(host))
      throw new TypeError(`An allowed host is a name without scheme, port and path, as in desk.example. Given: ${JSON.stringify(host)}`)
    return name
  })
}

/** Why this request is not served; undefined when it is. */
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

/** The Host header, and the authority of an absolute request target: whichever the parser prefers, both must be right. None when malformed. */
function hostsOf(request: RequestFacts): readonly string[] {
  const sent = request.header('host')
  if (sent.length !== 1) return []
  if (request.target.startsWith('/')) return sent
  const authority = /^https?:\/\/([^/?#]*)/i.exec(request.target)?.[1]
  return authority === undefined ? [] : [...sent, authority]
}

/** Without port, in lower case, without the dot at the end of a full name. Undefined for what is no plain host, as one with user and password. */
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

/** A parser may turn `/v3/../_emulator` into another path than the one that was judged here. */
function hasDotSegments(path: string): boolean {
  return /(^|[/\\]|%2f|%5c)(\.|%2e){1,2}([/\\]|%2f|%5c|$)/i.test(path) || path.includes('\\')
}

/** Browsers say where a request comes from. Other programs send neither header. Another port of this machine is another origin. */
function isForeignPage(request: RequestFacts, host: string): boolean {
  const foreignSite = request.header('sec-fetch-site').some((site) => site !== 'same-origin' && site !== 'none')
  return foreignSite || request.header('origin').some((origin) => !isSameOrigin(origin, host))
}

function isSameOrigin(origin: string, host: string): boolean {
  if (!URL.canParse(origin)) return false
  const { protocol, host: from } = new URL(origin)
  return /^https?:$/.test(protocol) && URL.canParse(`${protocol}//${host}`) && new URL(`${protocol}//${host}`).host === from
}

/** A link that a person follows. Its page is ours, and the other site cannot read it; a frame or a picture is no navigation of the person. */
function isTopNavigation(request: RequestFacts): boolean {
  return request.header('sec-fetch-mode')[0] === 'navigate' && request.header('sec-fetch-dest')[0] === 'document'
}

/** No form and no fetch without permission can send this type across origins. A request without body and type has nothing to misread. */
function isJson(request: RequestFacts): boolean {
  const types = request.header('content-type')
  const hasBody = request.header('transfer-encoding').length > 0 || request.header('content-length').some((length) => length !== '0')
  if (types.length === 0) return !hasBody
  return types.every((type) => /^\s*application\/json\s*(;.*)?$/i.test(type))
}

/** From the socket: node keeps only the first of two Host headers, so the raw ones are read. */
export function factsOfWire({ method = '', url = '', rawHeaders }: Pick<IncomingMessage, 'method' | 'url' | 'rawHeaders'>): RequestFacts {
  return {
    method,
    target: url,
    header: (name) => rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name),
  }
}

/** Where no socket is: the address stands for the Host header. */
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

// Checks input against the spec. Refusals use WeChat's own texts (v3-protocol §12, with the wordings that merchants have posted).

import { paramError, type Refusal, unknownFields } from '../../platform/refusal.ts'
import { titleAt } from './titles.ts'

/** The part of a schema that is needed here. The spec's schemas are zod's. */
export interface Schema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false; error: { issues: readonly Issue[] } }
}

export interface Issue {
  code?: string | undefined
  path: PropertyKey[]
  message: string
}

export type Location = 'body' | 'query'

/** Reads the raw body as JSON and checks it. @throws Refusal PARAM_ERROR */
export function validateBody<T>(schema: Schema<T>, body: Buffer): T {
  return check(schema, parseJson(body), 'body')
}

/** Checks the query. @throws Refusal PARAM_ERROR */
export function validateQuery<T>(schema: Schema<T>, query: URLSearchParams): T {
  return check(schema, Object.fromEntries(query), 'query')
}

function check<T>(schema: Schema<T>, value: unknown, location: Location): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  // A failure of zod always has at least one issue.
  const issue = result.error.issues[0] ?? { path: [], message: 'invalid' }
  throw refusalOf(issue, schema, value, location)
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    throw paramError('请求体不是合法的 JSON', { field: '', value: '', issue: 'not JSON', location: 'body' })
  }
}

function refusalOf(issue: Issue, schema: unknown, input: unknown, location: Location): Refusal {
  if (issue.code === 'unrecognized_keys') {
    const keys = extra(issue, 'keys')
    const names = Array.isArray(keys) ? keys.map(String) : []
    return unknownFields(names.map((name) => `/${location}${pointer([...issue.path, name])}`))
  }
  const value = issue.path.reduce<unknown>((holder, name) => memberOf(holder, name), input)
  const { message, shown } = sentence(issue, value, pointer(issue.path), titleAt(schema, issue.path), location)
  return paramError(message, { field: nameOf(pointer(issue.path), location), value: shown, issue: issue.message, location })
}

/** The text for one issue. `shown` goes into `detail.value`: for a wrong length it is the length, as in real refusals. */
function sentence(issue: Issue, value: unknown, at: string, title: string, location: Location): { message: string; shown: unknown } {
  const source = `输入源“/${location}${at}”`
  if (value === undefined) return { message: `${source}映射到字段“${title}”必填性规则校验失败，此字段为必填项`, shown: '' }
  if (issue.code === 'invalid_type') {
    return {
      message: `无法将 JSON ${source}映射到目标字段“${title}”中，此字段需要${TYPES[String(extra(issue, 'expected'))] ?? '合法的值'}`,
      shown: value,
    }
  }
  const text = `${source}映射到值字段“${title}”字符串规则校验失败，`
  if (issue.message === NO_SUCH_DAY) return { message: `${text}不是合法的时间`, shown: value }
  const limit = extra(issue, 'minimum') ?? extra(issue, 'maximum')
  const tooSmall = issue.code === 'too_small'
  if (tooSmall || issue.code === 'too_big') {
    if (typeof value === 'number') {
      return {
        message: `${source}映射到数值字段“${title}”规则校验失败，值${tooSmall ? '低于最小值' : '高于最大值'} ${limit}`,
        shown: value,
      }
    }
    const [unit, length] = measure(value, at)
    return { message: `${text}${unit} ${length}，${tooSmall ? '小于最小值' : '大于最大值'} ${limit}`, shown: length }
  }
  const pattern = extra(issue, 'pattern')
  if (typeof pattern === 'string')
    return { message: `${text}字符串必须匹配正则表达式“${pattern.replace(/^\/|\/[a-z]*$/g, '')}”`, shown: value }
  return { message: `${source}映射到字段“${title}”规则校验失败`, shown: typeof value === 'object' ? '' : value }
}

/** The issue of the spec's schema of times. */
const NO_SUCH_DAY = 'no such day'

const TYPES: Record<string, string> = {
  int: '一个合法的 64 位有符号整数',
  number: '一个合法的 64 位有符号整数',
  string: '一个 string 类型的 Json 值',
  boolean: '一个 bool 类型的 Json 值',
  object: '一个 object 类型的 Json 值',
  array: '一个 array 类型的 Json 值',
}

/** In refusals that merchants have posted, the length of these two fields is counted in bytes, that of openids and appids in characters. */
const COUNTED_IN_BYTES = new Set(['/out_trade_no', '/attach'])

function measure(value: unknown, at: string): [unit: string, length: number] {
  if (Array.isArray(value)) return ['元素数', value.length]
  if (typeof value !== 'string') return ['字符数', 0]
  return COUNTED_IN_BYTES.has(at) ? ['字节数', Buffer.byteLength(value)] : ['字符数', value.length]
}

function pointer(path: readonly PropertyKey[]): string {
  return path.map((name) => `/${String(name)}`).join('')
}

/** A JSON pointer for a body, the bare name for a query (v3-protocol §12). */
function nameOf(at: string, location: Location): string {
  return location === 'body' ? at : at.slice(1)
}

function memberOf(holder: unknown, name: PropertyKey): unknown {
  return typeof holder === 'object' && holder !== null ? Reflect.get(holder, name) : undefined
}

/** Reads a property that zod adds to an issue of some codes only. */
function extra(issue: Issue, name: 'keys' | 'expected' | 'minimum' | 'maximum' | 'pattern'): unknown {
  return Reflect.get(issue, name)
}

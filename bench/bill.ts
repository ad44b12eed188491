// Reading a day's bill: rows per CPU second beside a plain split of the same bytes in the same run, and the memory for a file that is never whole in memory.

import { createHash } from 'node:crypto'
import { createGunzip, gzipSync } from 'node:zlib'
import { formatDecimal, tradeBillReader } from '@cashdesk/protocol'
import { type Figure, median, round } from './measure.ts'

const ROWS = 300_000
const ROUNDS = 7
const CHUNK_BYTES = 64 * 1024
const DAY = { date: '2026-11-24', mchid: '1900000001' }
const HEADER =
  '\ufeff交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注\r\n'
const SUMMARY = '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n'
const DRINKS = ['拿铁大杯', '美式中杯', '燕麦拿铁', '一杯咖啡']

/** About 265 bytes. */
function row(i: number): string {
  const pad = (value: number): string => String(value % 60).padStart(2, '0')
  const time = `2026-11-24 ${String(i % 24).padStart(2, '0')}:${pad(i >> 3)}:${pad(i)}`
  const total = formatDecimal(100 + (i % 9000), 2)
  const numbers = `\`42000026${String(i).padStart(20, '0')},\`ORDER-20261124-${i},\`oUpF8uMuAJO_M2pxb1Q9zNjWeS6o`
  return `\`${time},\`wx0123456789abcdef,\`1900000001,\`0,\`,${numbers},\`JSAPI,\`SUCCESS,\`OTHERS,\`CNY,\`${total},\`0.00,\`0,\`0,\`0.00,\`0.00,\`,\`,\`${DRINKS[i % 4]},\`{"table":${i % 50}},\`0.01000,\`0.60%,\`${total},\`0.00,\`\r\n`
}

/** The file in pieces of a thousand rows. */
function* fileOf(rows: number): Generator<Buffer> {
  yield Buffer.from(HEADER)
  let total = 0
  for (let from = 0; from < rows; from += 1000) {
    const piece = Array.from({ length: Math.min(1000, rows - from) }, (_, i) => from + i)
    for (const i of piece) total += 100 + (i % 9000)
    yield Buffer.from(piece.map(row).join(''))
  }
  const sum = formatDecimal(total, 2)
  yield Buffer.from(`${SUMMARY}\`${rows}.0,\`${sum},\`0.0,\`0.0,\`${formatDecimal(rows * 1000, 5)},\`${sum},\`0.0\r\n`)
}

function* chunksOf(file: Buffer): Generator<Buffer> {
  for (let at = 0; at < file.length; at += CHUNK_BYTES) yield file.subarray(at, at + CHUNK_BYTES)
}

interface Reading {
  push(chunk: Buffer): void
  end(): number
}

function ours(): Reading {
  const reader = tradeBillReader(DAY)
  let rows = 0
  return {
    push: (chunk) => {
      rows += reader.push(chunk).length
    },
    end: () => (reader.end().count === rows ? rows : 0),
  }
}

/** What any reader must do: text, lines, cells. Nothing is checked. */
function split(): Reading {
  const text = new TextDecoder()
  let rest = ''
  let rows = 0
  return {
    push(chunk) {
      const lines = (rest + text.decode(chunk, { stream: true })).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) if (line.split(',').length === 27) rows++
    },
    end: () => rows - 1,
  }
}

async function unpacked(packed: Buffer, reading: Reading): Promise<number> {
  const hash = createHash('sha1')
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES })
  gunzip.end(packed)
  for await (const chunk of gunzip as AsyncIterable<Buffer>) {
    hash.update(chunk)
    reading.push(chunk)
  }
  hash.digest()
  return reading.end()
}

function plain(file: Buffer, reading: Reading): number {
  for (const chunk of chunksOf(file)) reading.push(chunk)
  return reading.end()
}

/** Rows per second of CPU time, in all threads: other processes on the machine do not count. */
async function rowsPerSecond(work: () => Promise<number> | number): Promise<number> {
  const before = process.cpuUsage()
  const rows = await work()
  const { user, system } = process.cpuUsage(before)
  if (rows !== ROWS) throw new Error(`read ${rows} rows of ${ROWS}`)
  return (rows * 1e6) / (user + system)
}

async function beside(name: string, note: string, work: (reading: Reading) => Promise<number> | number): Promise<Figure> {
  const rates: { ours: number; limit: number }[] = []
  await rowsPerSecond(() => work(ours()))
  for (let i = 0; i < ROUNDS; i++) {
    const limit = await rowsPerSecond(() => work(split()))
    rates.push({ limit, ours: await rowsPerSecond(() => work(ours())) })
  }
  const ratios = rates.map((one) => one.ours / one.limit)
  return {
    name,
    value: round(median(rates.map((one) => one.ours))),
    unit: '/s',
    limit: round(median(rates.map((one) => one.limit))),
    ratio: round(median(ratios), 2),
    spread: [round(Math.min(...ratios), 2), round(Math.max(...ratios), 2)],
    note,
  }
}

export function read(): Promise<Figure> {
  const file = Buffer.concat([...fileOf(ROWS)])
  return beside(
    'bill.read',
    'rows per CPU second, typed and added up; limit: decode, split lines, split cells, nothing checked',
    (reading) => plain(file, reading),
  )
}

export function file(): Promise<Figure> {
  const packed = gzipSync(Buffer.concat([...fileOf(ROWS)]))
  return beside('bill.file', 'the same with gunzip and SHA-1 on both sides', (reading) => unpacked(packed, reading))
}

const LONG_ROWS = 4_000_000
const WARM_ROWS = 1_000_000

/** How much the process grows while a file of a gigabyte passes that is never whole in memory. The first rows fill the heap's young generation. */
export function memory(): Figure {
  const reader = tradeBillReader({ ...DAY, distinct: false })
  let begin = 0
  let most = 0
  let rows = 0
  let bytes = 0
  for (const chunk of fileOf(LONG_ROWS)) {
    rows += reader.push(chunk).length
    bytes += chunk.length
    if (rows % 20_000 !== 0) continue
    if (rows <= WARM_ROWS) begin = Math.max(begin, process.memoryUsage.rss())
    else most = Math.max(most, process.memoryUsage.rss())
  }
  reader.end()
  const note = `growth from row ${WARM_ROWS} to row ${rows}, a file of ${round(bytes / 1e6)} MB; the process has ${round(most / 1e6)} MB. Fingerprints add 16 MB for each million rows`
  return { name: 'bill.memory', value: round((most - begin) / 1e6, 1), unit: 'MB', note }
}

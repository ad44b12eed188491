// Bills: POST /pay/downloadbill, and /pay/downloadfundflow over mutual TLS. A bill is CSV, plain or gzip. A refusal is XML, unsigned (v2-protocol §9).

import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { type BillTable, parseBillTable } from '@cashdesk/protocol'
import { readFields, type V2Trust } from '@cashdesk/protocol/v2'
import type { V2BillRequest, V2FundFlowRequest } from '@cashdesk/protocol/v2/spec'
import { UntrustedAnswerError } from '../errors.ts'
import { mutual, nameOfV2, postV2, refusal, type V2Call, type V2CallerOptions } from './caller.ts'

export interface V2BillText {
  /** The file as WeChat sent it, uncompressed. */
  text: string
  /** Rows by WeChat's column names, with texts as they stand in the bill. Amounts are yuan as text; `parseTradeBill(text)` of @cashdesk/protocol converts them to fen. */
  table: BillTable
}

/** Limit for the file both compressed and uncompressed. */
export const V2_BILL_BYTES_MAX: number = 64 * 1024 * 1024

/**
 * A v2 bill is not signed: it can be trusted only as far as the TLS connection. @throws ApiError (`No Bill Exist`: none yet), NetworkError,
 * UntrustedAnswerError
 */
export async function downloadBill(options: V2CallerOptions, request: V2BillRequest): Promise<V2BillText> {
  const call = { endpoint: 'v2Bill', fields: { bill_type: 'ALL', ...request } } as const
  const { status, body } = await postV2(options, call, { trust: options.trust, fetch: options.fetch, bytesMax: V2_BILL_BYTES_MAX })
  return billOf(call, status, body)
}

/** WeChat requires HMAC-SHA256 here, whichever algorithm the merchant uses for orders. */
export async function downloadFundFlow(options: V2CallerOptions, request: V2FundFlowRequest): Promise<V2BillText> {
  const call = { endpoint: 'v2FundFlow', fields: request } as const
  const trust: V2Trust = { key: options.trust.key, signType: 'HMAC-SHA256' }
  const { status, body } = await postV2(options, call, { trust, fetch: mutual(options), bytesMax: V2_BILL_BYTES_MAX })
  return billOf(call, status, body)
}

async function billOf({ endpoint }: V2Call, status: number, body: Uint8Array): Promise<V2BillText> {
  const request = nameOfV2(endpoint)
  try {
    const file = await unpacked(body)
    const text = Buffer.from(file).toString('utf8')
    // Of the bytes, because a text no longer shows that they were not UTF-8.
    if (!text.trimStart().startsWith('<')) return { text, table: parseBillTable(file) }
  } catch (cause) {
    throw new UntrustedAnswerError('ERR_ANSWER_UNTRUSTED', { request, status, reason: 'not a bill' }, { cause })
  }
  throw refused(request, status, body)
}

function refused(request: string, status: number, body: Uint8Array): Error {
  try {
    const { return_msg, err_code, err_code_des, error_code } = readFields(body)
    return refusal(request, status, err_code ?? error_code ?? '', err_code_des ?? return_msg ?? '', false)
  } catch (cause) {
    return new UntrustedAnswerError('ERR_ANSWER_UNTRUSTED', { request, status, reason: 'not a bill' }, { cause })
  }
}

const unzip = promisify(gunzip)

/** Gzip is recognised by the first two bytes, not by what was requested: refusals come uncompressed. */
async function unpacked(body: Uint8Array): Promise<Uint8Array> {
  return body[0] === 0x1f && body[1] === 0x8b ? unzip(body, { maxOutputLength: V2_BILL_BYTES_MAX }) : body
}

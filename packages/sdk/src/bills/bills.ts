// Bills: apply, then download and read. Yesterday's bill exists from 10:00 Beijing time; before that WeChat answers STATEMENT_CREATING.

import { type FundFlowBill, parseFundFlowBill, parseTradeBill, type TradeBill } from '@cashdesk/protocol'
import type {
  BillAnswer,
  FundFlowBillQuery,
  ProfitSharingBillQuery,
  SubMerchantBillAnswer,
  SubMerchantFundFlowBillQuery,
  TradeBillQuery,
} from '@cashdesk/protocol/spec'
import type { Caller } from '../caller.ts'
import { checked, withOutcome } from '../shape.ts'
import type { CallOptions, TransportOptions } from '../transport/options.ts'
import type { Verifier } from '../trust/trust.ts'
import { downloadBill } from './download.ts'
import { type BillStreamOptions, streamBill } from './stream.ts'

export interface Bills {
  /** A day's trades, typed, with totals; the file's hash is checked. @throws ApiError NO_STATEMENT_EXIST on a day without trades */
  trade(query: TradeBillQuery, how?: CallOptions): Promise<TradeBill>
  /** A day's movements of the merchant's account; the file's hash is checked. */
  fundFlow(query: FundFlowBillQuery, how?: CallOptions): Promise<FundFlowBill>
  /** Only the address of the file and its hash. The address is valid for 5 minutes. */
  applyTrade(query: TradeBillQuery): Promise<BillAnswer>
  applyFundFlow(query: FundFlowBillQuery): Promise<BillAnswer>
  applyProfitSharing(query: ProfitSharingBillQuery): Promise<BillAnswer>
  /** For service providers: encrypted files, each with a key of its own (`encrypt_key`, opened with `openSensitive`). */
  applySubMerchantFundFlow(query: SubMerchantFundFlowBillQuery): Promise<SubMerchantBillAnswer>
  /** The uncompressed file, returned only if its hash is right. */
  download(bill: BillAnswer, how?: CallOptions): Promise<Buffer>
  /** The same file in chunks. Fails at the end if the hash is wrong, and earlier if the file is larger than `bytes_max`. */
  stream(bill: BillAnswer, how?: BillStreamOptions): AsyncGenerator<Uint8Array>
}

export function billsOver(caller: Caller, transport: TransportOptions, verifier: Verifier): Bills {
  const apply = (endpoint: 'tradeBill' | 'fundFlowBill' | 'profitSharingBill', query: object): Promise<BillAnswer> =>
    withOutcome(async () => checked<BillAnswer>(await caller.send({ endpoint, query }), 'download_url', 'hash_value', 'hash_type'))
  const bills: Bills = {
    applyTrade: (query) => apply('tradeBill', query),
    applyFundFlow: (query) => apply('fundFlowBill', query),
    applyProfitSharing: (query) => apply('profitSharingBill', query),
    applySubMerchantFundFlow: (query) =>
      withOutcome(async () => checked<SubMerchantBillAnswer>(await caller.send({ endpoint: 'subMerchantFundFlowBill', query }))),
    download: (bill, how) => downloadBill(transport, verifier, bill, how),
    stream: (bill, how) => streamBill(transport, bill, how),
    async trade(query, how) {
      return parseTradeBill((await bills.download(await bills.applyTrade(query), how)).toString('utf8'))
    },
    async fundFlow(query, how) {
      return parseFundFlowBill((await bills.download(await bills.applyFundFlow(query), how)).toString('utf8'))
    },
  }
  return bills
}

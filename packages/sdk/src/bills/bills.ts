// Bills: apply, then download and read. Yesterday's bill exists from 10:00 Beijing time; before that WeChat answers STATEMENT_CREATING.

import {
  type BillExpectation,
  type BillReader,
  type FundFlowBill,
  type FundFlowLine,
  type FundFlowSummary,
  fundFlowBillReader,
  parseFundFlowBill,
  parseTradeBill,
  type SharingLine,
  type SharingSummary,
  sharingBillReader,
  type TradeBill,
  type TradeBillSummary,
  type TradeLine,
  tradeBillReader,
} from '@cashdesk/protocol'
import type {
  BillAnswer,
  FundFlowBillQuery,
  ProfitSharingBillQuery,
  SubMerchantBillAnswer,
  SubMerchantFundFlowBillQuery,
  TradeBillQuery,
  TradeBillType,
} from '@cashdesk/protocol/spec'
import type { Caller } from '../caller.ts'
import { checked, withOutcome } from '../shape.ts'
import type { CallOptions, TransportOptions } from '../transport/options.ts'
import type { Verifier } from '../trust/trust.ts'
import { downloadBill } from './download.ts'
import { type BillRows, billRows } from './rows.ts'
import { isSealed, partsOf, unsealFor } from './sealed.ts'
import { type BillStreamOptions, streamBill } from './stream.ts'

export interface Bills {
  /** A day's trades, typed, with totals; the file's hash is checked. @throws ApiError NO_STATEMENT_EXIST on a day without trades */
  trade(query: TradeBillQuery, how?: CallOptions): Promise<TradeBill>
  /** A day's movements of the merchant's account; the file's hash is checked. */
  fundFlow(query: FundFlowBillQuery, how?: CallOptions): Promise<FundFlowBill>
  /**
   * The rows of a day's trades in batches, for a bill of any size. Refused are a file of another day, merchant or type, and one whose hash, counts or sums
   * are wrong: believe the rows after the loop. @throws MessageError ERR_BILL_FORMAT, ERR_BILL_HASH; ApiError; NetworkError
   *
   * ```ts
   * const bill = wechatpay.bills.tradeRows({ bill_date: '2026-11-24', tar_type: 'GZIP' })
   * for await (const rows of bill) await insert(rows)
   * console.log(bill.summary)
   * ```
   */
  tradeRows(query: TradeBillQuery, how?: BillStreamOptions): BillRows<TradeLine, TradeBillSummary>
  fundFlowRows(query: FundFlowBillQuery, how?: BillStreamOptions): BillRows<FundFlowLine, FundFlowSummary>
  profitSharingRows(query: ProfitSharingBillQuery, how?: BillStreamOptions): BillRows<SharingLine, SharingSummary>
  /** For service providers: the sealed bill of one sub-merchant, opened, in all its parts. @throws as `tradeRows`; DecryptError */
  subMerchantFundFlowRows(
    query: Omit<SubMerchantFundFlowBillQuery, 'algorithm'>,
    how?: BillStreamOptions,
  ): BillRows<FundFlowLine, FundFlowSummary>
  /** The rows of a bill that was applied for, with a reader of @cashdesk/protocol: a reader reads one file. */
  read<Row, Summary>(bill: BillAnswer, reader: BillReader<Row, Summary>, how?: BillStreamOptions): BillRows<Row, Summary>
  /** Only the address of the file and its hash. The address is valid for 5 minutes. */
  applyTrade(query: TradeBillQuery): Promise<BillAnswer>
  applyFundFlow(query: FundFlowBillQuery): Promise<BillAnswer>
  applyProfitSharing(query: ProfitSharingBillQuery): Promise<BillAnswer>
  /** For service providers: sealed files, each with a key of its own. `download`, `stream` and `read` open each item of the list. */
  applySubMerchantFundFlow(query: SubMerchantFundFlowBillQuery): Promise<SubMerchantBillAnswer>
  /** The uncompressed file, returned only if its hash is right. */
  download(bill: BillAnswer, how?: CallOptions): Promise<Buffer>
  /** The same file in chunks. Fails at the end if the hash is wrong, and earlier if the file is larger than `bytes_max`. */
  stream(bill: BillAnswer, how?: BillStreamOptions): AsyncGenerator<Uint8Array>
}

type Applying = Pick<Bills, 'applyTrade' | 'applyFundFlow' | 'applyProfitSharing' | 'applySubMerchantFundFlow'>
type Loading = Pick<Bills, 'download' | 'stream' | 'read'>

export function billsOver(caller: Caller, transport: TransportOptions, verifier: Verifier): Bills {
  const applying = applyingOver(caller)
  const loading = loadingOver(caller, transport, verifier)
  const { mchid } = caller
  return {
    ...applying,
    ...loading,
    ...rowsOver(applying, loading, mchid),
    async trade(query, how) {
      const file = await loading.download(await applying.applyTrade(query), how)
      return parseTradeBill(file, expected(query, mchid))
    },
    async fundFlow(query, how) {
      const file = await loading.download(await applying.applyFundFlow(query), how)
      return parseFundFlowBill(file, { date: query.bill_date, mchid })
    },
  }
}

function applyingOver(caller: Caller): Applying {
  const apply = (endpoint: 'tradeBill' | 'fundFlowBill' | 'profitSharingBill', query: object): Promise<BillAnswer> =>
    withOutcome(async () => checked<BillAnswer>(await caller.send({ endpoint, query }), 'download_url', 'hash_value', 'hash_type'))
  return {
    applyTrade: (query) => apply('tradeBill', query),
    applyFundFlow: (query) => apply('fundFlowBill', query),
    applyProfitSharing: (query) => apply('profitSharingBill', query),
    applySubMerchantFundFlow: (query) =>
      withOutcome(async () => checked<SubMerchantBillAnswer>(await caller.send({ endpoint: 'subMerchantFundFlowBill', query }))),
  }
}

function loadingOver(caller: Caller, transport: TransportOptions, verifier: Verifier): Loading {
  const stream: Loading['stream'] = async function* (bill, how) {
    const unseal = isSealed(bill) ? await unsealFor(bill, caller.open) : undefined
    yield* streamBill(transport, bill, how, unseal)
  }
  return {
    stream,
    read: (bill, reader, how) =>
      billRows(
        () => stream(bill, how),
        () => reader,
      ),
    download: async (bill, how) =>
      downloadBill(transport, verifier, bill, how, isSealed(bill) ? await unsealFor(bill, caller.open) : undefined),
  }
}

function rowsOver(
  applying: Applying,
  { stream }: Loading,
  mchid: string,
): Pick<Bills, 'tradeRows' | 'fundFlowRows' | 'profitSharingRows' | 'subMerchantFundFlowRows'> {
  const file = async function* (apply: () => Promise<BillAnswer>, how?: BillStreamOptions): AsyncGenerator<Uint8Array> {
    yield* stream(await apply(), how)
  }
  const parts = async function* (query: SubMerchantFundFlowBillQuery, how?: BillStreamOptions): AsyncGenerator<Uint8Array> {
    for (const part of partsOf(await applying.applySubMerchantFundFlow(query))) yield* stream(part, how)
  }
  return {
    tradeRows: (query, how) =>
      billRows(
        () => file(() => applying.applyTrade(query), how),
        () => tradeBillReader(expected(query, mchid)),
      ),
    fundFlowRows: (query, how) =>
      billRows(
        () => file(() => applying.applyFundFlow(query), how),
        () => fundFlowBillReader({ date: query.bill_date, mchid }),
      ),
    profitSharingRows: (query, how) =>
      billRows(
        () => file(() => applying.applyProfitSharing(query), how),
        () => sharingBillReader({ date: query.bill_date, mchid }),
      ),
    subMerchantFundFlowRows: (query, how) =>
      billRows(
        () => parts({ ...query, algorithm: 'AEAD_AES_256_GCM' }, how),
        () => fundFlowBillReader({ date: query.bill_date, mchid: query.sub_mchid }),
      ),
  }
}

/** What the rows of each type may be. A special bill has the rows of its plain type; nothing is known of the refunds of top-ups. */
const ROWS_OF: Readonly<Record<TradeBillType, BillExpectation['bill_type']>> = {
  ALL: 'ALL',
  SUCCESS: 'SUCCESS',
  REFUND: 'REFUND',
  ALL_SPECIAL: 'ALL',
  SUC_SPECIAL: 'SUCCESS',
  REF_SPECIAL: 'REFUND',
  RECHARGE_REFUND: undefined,
}

/** WeChat gives a bill of all trades when no type is asked for. */
function expected({ bill_date, bill_type = 'ALL' }: TradeBillQuery, mchid: string): BillExpectation {
  return { date: bill_date, mchid, bill_type: ROWS_OF[bill_type] }
}

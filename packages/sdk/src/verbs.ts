// The verbs of a client, grouped by WeChat's products. Each verb has a file of its own; here it is only bound to a caller.

import type {
  CombineClose,
  CombineTransaction,
  DirectTransaction,
  PartnerTransaction,
  PrepayAnswer,
  Receiver,
  ReceiverRemoval,
  ReceiverRequest,
  Refund,
  RefundRequest,
  Share,
  ShareQuery,
  ShareRequest,
  ShareReturn,
  ShareReturnQuery,
  ShareReturnRequest,
  SharingConfig,
  Transfer,
  TransferAnswer,
  TransferCancelAnswer,
  TransferRequest,
  UnfreezeRequest,
  UnsplitAmount,
} from '@cashdesk/protocol/spec'
import type { Caller } from './caller.ts'
import { combineClose } from './combine/close.ts'
import { type CombineInput, combineJsapi } from './combine/order.ts'
import { combineByOutTradeNo } from './combine/query.ts'
import { partnerClose } from './partner/close.ts'
import { type PartnerJsapiInput, partnerJsapi } from './partner/jsapi.ts'
import { partnerByOutTradeNo, partnerByTransactionId } from './partner/query.ts'
import { sharingConfig } from './profit-sharing/config.ts'
import { queryReturn } from './profit-sharing/query-return.ts'
import { queryShare } from './profit-sharing/query-share.ts'
import { addReceiver, deleteReceiver } from './profit-sharing/receivers.ts'
import { returnShare } from './profit-sharing/return-share.ts'
import { share } from './profit-sharing/share.ts'
import { unfreeze } from './profit-sharing/unfreeze.ts'
import { unsplitAmount } from './profit-sharing/unsplit-amount.ts'
import { type AbnormalRefundInput, applyAbnormalRefund } from './refunds/abnormal.ts'
import { createRefund } from './refunds/create.ts'
import { queryRefund, type RefundLookup } from './refunds/query.ts'
import { type Echo, type EchoInput, echo } from './security/echo.ts'
import { withOutcome } from './shape.ts'
import { close } from './transactions/close.ts'
import { type JsapiInput, jsapi } from './transactions/jsapi.ts'
import { byOutTradeNo, byTransactionId } from './transactions/query.ts'
import { cancelTransfer } from './transfers/cancel.ts'
import { createTransfer } from './transfers/create.ts'
import { transferByBillNo, transferByOutBillNo } from './transfers/query.ts'

export interface Verbs {
  /** Orders of a direct merchant. */
  transactions: {
    jsapi(order: JsapiInput): Promise<PrepayAnswer>
    byOutTradeNo(out_trade_no: string): Promise<DirectTransaction>
    byTransactionId(transaction_id: string): Promise<DirectTransaction>
    close(out_trade_no: string): Promise<void>
  }
  /** Orders of a service provider for its sub-merchants. */
  partner: {
    jsapi(order: PartnerJsapiInput): Promise<PrepayAnswer>
    byOutTradeNo(input: { sub_mchid: string; out_trade_no: string }): Promise<PartnerTransaction>
    byTransactionId(input: { sub_mchid: string; transaction_id: string }): Promise<PartnerTransaction>
    close(input: { sub_mchid: string; out_trade_no: string }): Promise<void>
  }
  /** Refunds of direct merchants and service providers; a provider adds `sub_mchid`. */
  refunds: {
    create(refund: RefundRequest): Promise<Refund>
    query(refund: RefundLookup): Promise<Refund>
    applyAbnormal(refund: AbnormalRefundInput): Promise<Refund>
  }
  /** Profit sharing (分账). A service provider adds `sub_mchid`. */
  profitSharing: {
    share(request: ShareRequest): Promise<Share>
    query(request: ShareQuery & { out_order_no: string }): Promise<Share>
    unfreeze(request: UnfreezeRequest): Promise<Share>
    return(request: ShareReturnRequest): Promise<ShareReturn>
    queryReturn(request: ShareReturnQuery & { out_return_no: string }): Promise<ShareReturn>
    unsplitAmount(transaction_id: string): Promise<UnsplitAmount>
    addReceiver(request: ReceiverRequest): Promise<Receiver>
    deleteReceiver(request: ReceiverRemoval): Promise<Receiver>
    config(sub_mchid: string): Promise<SharingConfig>
  }
  /** Combined orders (合单). */
  combine: {
    jsapi(order: CombineInput): Promise<PrepayAnswer>
    byOutTradeNo(combine_out_trade_no: string): Promise<CombineTransaction>
    close(input: CombineClose & { combine_out_trade_no: string }): Promise<void>
  }
  /** Transfers to users (商家转账). */
  transfers: {
    create(transfer: TransferRequest): Promise<TransferAnswer>
    byOutBillNo(out_bill_no: string): Promise<Transfer>
    byBillNo(transfer_bill_no: string): Promise<Transfer>
    cancel(out_bill_no: string): Promise<TransferCancelAnswer>
  }
  /** Proves keys, clock and sealing in one call, without money. */
  security: {
    echo(input: EchoInput): Promise<Echo>
  }
}

export function verbs(caller: Caller): Verbs {
  const bound =
    <Input, Output>(verb: (caller: Caller, input: Input) => Promise<Output>) =>
    (input: Input): Promise<Output> =>
      withOutcome(() => verb(caller, input))
  return {
    transactions: { jsapi: bound(jsapi), byOutTradeNo: bound(byOutTradeNo), byTransactionId: bound(byTransactionId), close: bound(close) },
    partner: {
      jsapi: bound(partnerJsapi),
      byOutTradeNo: bound(partnerByOutTradeNo),
      byTransactionId: bound(partnerByTransactionId),
      close: bound(partnerClose),
    },
    refunds: { create: bound(createRefund), query: bound(queryRefund), applyAbnormal: bound(applyAbnormalRefund) },
    profitSharing: {
      share: bound(share),
      query: bound(queryShare),
      unfreeze: bound(unfreeze),
      return: bound(returnShare),
      queryReturn: bound(queryReturn),
      unsplitAmount: bound(unsplitAmount),
      addReceiver: bound(addReceiver),
      deleteReceiver: bound(deleteReceiver),
      config: bound(sharingConfig),
    },
    combine: { jsapi: bound(combineJsapi), byOutTradeNo: bound(combineByOutTradeNo), close: bound(combineClose) },
    transfers: {
      create: bound(createTransfer),
      byOutBillNo: bound(transferByOutBillNo),
      byBillNo: bound(transferByBillNo),
      cancel: bound(cancelTransfer),
    },
    security: { echo: bound(echo) },
  }
}

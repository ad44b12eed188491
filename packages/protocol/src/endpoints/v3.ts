// Method and path of every v3 endpoint, written once. They are free of schemas, so that the SDK loads without them; the specification adds the schemas.

export const V3_ENDPOINTS = {
  jsapiOrder: { method: 'POST', path: '/v3/pay/transactions/jsapi' },
  jsapiQueryById: { method: 'GET', path: '/v3/pay/transactions/id/{transaction_id}' },
  jsapiQueryByOutTradeNo: { method: 'GET', path: '/v3/pay/transactions/out-trade-no/{out_trade_no}' },
  jsapiClose: { method: 'POST', path: '/v3/pay/transactions/out-trade-no/{out_trade_no}/close' },

  partnerJsapiOrder: { method: 'POST', path: '/v3/pay/partner/transactions/jsapi' },
  partnerQueryById: { method: 'GET', path: '/v3/pay/partner/transactions/id/{transaction_id}' },
  partnerQueryByOutTradeNo: { method: 'GET', path: '/v3/pay/partner/transactions/out-trade-no/{out_trade_no}' },
  partnerClose: { method: 'POST', path: '/v3/pay/partner/transactions/out-trade-no/{out_trade_no}/close' },

  combineOrder: { method: 'POST', path: '/v3/combine-transactions/jsapi' },
  combineQuery: { method: 'GET', path: '/v3/combine-transactions/out-trade-no/{combine_out_trade_no}' },
  combineClose: { method: 'POST', path: '/v3/combine-transactions/out-trade-no/{combine_out_trade_no}/close' },

  refundCreate: { method: 'POST', path: '/v3/refund/domestic/refunds' },
  refundQuery: { method: 'GET', path: '/v3/refund/domestic/refunds/{out_refund_no}' },
  refundAbnormal: { method: 'POST', path: '/v3/refund/domestic/refunds/{refund_id}/apply-abnormal-refund' },

  shareCreate: { method: 'POST', path: '/v3/profitsharing/orders' },
  shareQuery: { method: 'GET', path: '/v3/profitsharing/orders/{out_order_no}' },
  shareUnfreeze: { method: 'POST', path: '/v3/profitsharing/orders/unfreeze' },
  shareReturnCreate: { method: 'POST', path: '/v3/profitsharing/return-orders' },
  shareReturnQuery: { method: 'GET', path: '/v3/profitsharing/return-orders/{out_return_no}' },
  unsplitAmount: { method: 'GET', path: '/v3/profitsharing/transactions/{transaction_id}/amounts' },
  receiverAdd: { method: 'POST', path: '/v3/profitsharing/receivers/add' },
  receiverDelete: { method: 'POST', path: '/v3/profitsharing/receivers/delete' },
  sharingConfig: { method: 'GET', path: '/v3/profitsharing/merchant-configs/{sub_mchid}' },

  transferCreate: { method: 'POST', path: '/v3/fund-app/mch-transfer/transfer-bills' },
  transferQueryByOutBillNo: { method: 'GET', path: '/v3/fund-app/mch-transfer/transfer-bills/out-bill-no/{out_bill_no}' },
  transferQueryByBillNo: { method: 'GET', path: '/v3/fund-app/mch-transfer/transfer-bills/transfer-bill-no/{transfer_bill_no}' },
  transferCancel: { method: 'POST', path: '/v3/fund-app/mch-transfer/transfer-bills/out-bill-no/{out_bill_no}/cancel' },

  tradeBill: { method: 'GET', path: '/v3/bill/tradebill' },
  fundFlowBill: { method: 'GET', path: '/v3/bill/fundflowbill' },
  subMerchantFundFlowBill: { method: 'GET', path: '/v3/bill/sub-merchant-fundflowbill' },
  profitSharingBill: { method: 'GET', path: '/v3/profitsharing/bills' },

  securityEcho: { method: 'POST', path: '/v3/security/echo' },

  certificates: { method: 'GET', path: '/v3/certificates' },
} as const

export type V3EndpointName = keyof typeof V3_ENDPOINTS

// Path of every v2 endpoint, and whether it needs the client certificate (v2-protocol §1), written once. Every v2 call is a POST.

export const V2_ENDPOINTS = {
  v2UnifiedOrder: { path: '/pay/unifiedorder', certificate: false },
  v2OrderQuery: { path: '/pay/orderquery', certificate: false },
  v2CloseOrder: { path: '/pay/closeorder', certificate: false },
  v2Refund: { path: '/secapi/pay/refund', certificate: true },
  v2RefundQuery: { path: '/pay/refundquery', certificate: false },
  v2Bill: { path: '/pay/downloadbill', certificate: false },
  v2FundFlow: { path: '/pay/downloadfundflow', certificate: true },
} as const

export type V2EndpointName = keyof typeof V2_ENDPOINTS

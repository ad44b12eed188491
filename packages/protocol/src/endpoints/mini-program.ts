// Method and path of every endpoint of api.weixin.qq.com that is typed here, written once (miniprogram-server-api).

/** Where the access token comes from, which all other calls but the login carry. */
export const STABLE_TOKEN_ENDPOINT = { method: 'POST', path: '/cgi-bin/stable_token' } as const

export const MINI_PROGRAM_ENDPOINTS = {
  miniCode2Session: { method: 'GET', path: '/sns/jscode2session' },
  miniCheckSessionKey: { method: 'GET', path: '/wxa/checksession' },
  miniResetSessionKey: { method: 'GET', path: '/wxa/resetusersessionkey' },
  miniPhoneNumber: { method: 'POST', path: '/wxa/business/getuserphonenumber' },
  miniPaidUnionid: { method: 'GET', path: '/wxa/getpaidunionid' },
  miniUrlLink: { method: 'POST', path: '/wxa/generate_urllink' },
  miniUrlScheme: { method: 'POST', path: '/wxa/generatescheme' },
  miniSubscribeMessage: { method: 'POST', path: '/cgi-bin/message/subscribe/send' },
  miniShippingUpload: { method: 'POST', path: '/wxa/sec/order/upload_shipping_info' },
  miniCombinedShippingUpload: { method: 'POST', path: '/wxa/sec/order/upload_combined_shipping_info' },
  miniShippingOrder: { method: 'POST', path: '/wxa/sec/order/get_order' },
  miniShippingOrderList: { method: 'POST', path: '/wxa/sec/order/get_order_list' },
  miniConfirmReceiveReminder: { method: 'POST', path: '/wxa/sec/order/notify_confirm_receive' },
  miniMessageJumpPath: { method: 'POST', path: '/wxa/sec/order/set_msg_jump_path' },
  miniIsTradeManaged: { method: 'POST', path: '/wxa/sec/order/is_trade_managed' },
  miniIsTradeConfirmed: { method: 'POST', path: '/wxa/sec/order/is_trade_management_confirmation_completed' },
} as const

export type MiniProgramEndpointName = keyof typeof MINI_PROGRAM_ENDPOINTS

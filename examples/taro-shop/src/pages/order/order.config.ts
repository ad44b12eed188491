// The order page's configuration for WeChat.

export default { navigationBarTitleText: '订单' }

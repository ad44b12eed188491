// The order page, as WeChat is told about it.

export default { navigationBarTitleText: '订单' }

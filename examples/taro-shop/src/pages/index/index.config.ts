// The first page, as WeChat is told about it.

export default { navigationBarTitleText: '晨间小铺' }

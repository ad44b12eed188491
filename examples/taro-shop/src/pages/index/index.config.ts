// The first page's configuration for WeChat.

export default { navigationBarTitleText: '晨间小铺' }

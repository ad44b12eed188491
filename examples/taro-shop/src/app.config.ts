// The program's configuration for WeChat.

export default {
  pages: ['pages/index/index', 'pages/order/order'],
  window: {
    navigationBarTitleText: '晨间小铺',
    navigationBarBackgroundColor: '#f7f4ee',
    navigationBarTextStyle: 'black',
    backgroundColor: '#f7f4ee',
  },
}

// The build: Taro's webpack runner, for WeChat.

const { join } = require('node:path')

// In this repository the client is taken from its sources; in other projects install @cashdesk/miniprogram in place of these lines.
const client = join(__dirname, '../../../packages/miniprogram/src')

module.exports = {
  projectName: 'cashdesk-taro-shop',
  date: '2026-11-24',
  designWidth: 750,
  sourceRoot: 'src',
  outputRoot: 'dist',
  framework: 'react',
  compiler: { type: 'webpack5', prebundle: { enable: false } },
  cache: { enable: false },
  alias: { '@cashdesk/miniprogram': join(client, 'index.ts') },
  plugins: ['@tarojs/plugin-platform-weapp'],
  mini: { compile: { include: [client] } },
}

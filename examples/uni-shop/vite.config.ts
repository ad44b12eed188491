// The build, by uni-app's own plugin, for mp-weixin and for h5.

import { fileURLToPath } from 'node:url'
import uni from '@dcloudio/vite-plugin-uni'
import { defineConfig } from 'vite'

// In this repository the client is taken from its sources; in other projects install @cashdesk/miniprogram in place of these lines.
const client = fileURLToPath(new URL('../../packages/miniprogram/src/index.ts', import.meta.url))

export default defineConfig({ plugins: [uni()], resolve: { alias: { '@cashdesk/miniprogram': client } } })

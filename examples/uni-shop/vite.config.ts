// The build: uni-app's own plugin does everything, for mp-weixin and for h5.

import uni from '@dcloudio/vite-plugin-uni'
import { defineConfig } from 'vite'

export default defineConfig({ plugins: [uni()] })

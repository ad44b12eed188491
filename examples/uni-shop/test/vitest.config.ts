// `npx vitest run --config examples/uni-shop/test/vitest.config.ts` at the root, after `npm run build:mp-weixin` here.

import { defineConfig, mergeConfig } from 'vitest/config'
import root from '../../../vitest.config.ts'

const config = mergeConfig(root, defineConfig({ root: import.meta.dirname }))
export default {
  ...config,
  test: { ...config.test, include: ['*.mp-weixin.ts'], reporters: ['default', '../../../tools/count-reporter.ts'] },
}

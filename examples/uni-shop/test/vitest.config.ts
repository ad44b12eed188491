// Run by `npm --prefix examples/uni-shop test`, after `build:mp-weixin`: the tests of the built program, which the root's own tests leave out.

import { defineConfig, mergeConfig } from 'vitest/config'
import root from '../../../vitest.config.ts'

const config = mergeConfig(root, defineConfig({ root: import.meta.dirname }))
export default {
  ...config,
  test: { ...config.test, include: ['*.mp-weixin.ts'], reporters: ['default', '../../../tools/count-reporter.ts'] },
}

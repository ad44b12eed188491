// The tests of the built program. They run on the repository's sources, after `npm run build:mp-weixin`, so the root's own tests leave them out.

import root from '../../vitest.config.ts'

export default {
  ...root,
  root: new URL('../..', import.meta.url).pathname,
  test: { ...root.test, include: ['examples/uni-shop/test/**/*.bundle.mts'] },
}

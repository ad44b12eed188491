// Runs after `tsc -b`: removes outputs whose sources no longer exist, so that they are not published; and source maps of earlier versions, which weighed more
// than they helped, because the compiled code reads like its source.

import { existsSync, globSync, rmSync } from 'node:fs'

for (const made of globSync('packages/*/dist/**/*.{js,js.map,d.ts,d.ts.map}')) {
  const source = made.replace(/^(packages.[^/\\]+.)dist/, '$1src').replace(/\.(js|js\.map|d\.ts|d\.ts\.map)$/, '.ts')
  if (made.endsWith('.map') || !existsSync(source)) rmSync(made)
}

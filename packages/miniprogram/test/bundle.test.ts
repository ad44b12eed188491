// The bundle for WeChat's npm is small, complete, and readable by old phones.

import { createRequire } from 'node:module'
import { gzipSync } from 'node:zlib'
import { buildSync } from 'esbuild'
import { expect, test } from 'vitest'
import manifest from '../package.json' with { type: 'json' }

test('the bundle is at most 4 kB gzipped, has no imports, and exports the client', () => {
  const entry = new URL('../src/index.ts', import.meta.url).pathname
  const built = buildSync({ entryPoints: [entry], bundle: true, format: 'cjs', target: 'es2018', minify: true, write: false })
  const text = built.outputFiles[0]?.text ?? ''
  expect(gzipSync(text).length).toBeLessThan(4096)
  expect(text).not.toMatch(/\?\.|\?\?|require\(/)
  const module = { exports: {} as Record<string, unknown> }
  new Function('module', 'exports', 'require', text)(module, module.exports, createRequire(import.meta.url))
  expect(module.exports['createCashdesk']).toBeTypeOf('function')
  for (const host of ['wxHost', 'uniHost', 'taroHost']) expect(module.exports[host]).toBeTypeOf('function')
})

test('the manifest names the folder that WeChat copies, and has no dependency', () => {
  expect(manifest.miniprogram).toBe('miniprogram_dist')
  expect(manifest).not.toHaveProperty('dependencies')
})

// Compiles the mini program to dist/ (or to the given folder), as WeChat DevTools would: each .ts to a .js, everything else copied, npm packages beside it.

import { cpSync, globSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'

const here = import.meta.dirname
const source = join(here, 'miniprogram')
const target = process.argv[2] ?? join(here, 'dist')

rmSync(target, { recursive: true, force: true })
await build({
  entryPoints: globSync('**/*.ts', { cwd: source }).map((file) => join(source, file)),
  outdir: target,
  outbase: source,
  format: 'cjs',
  target: 'es2018',
  logLevel: 'warning',
})
cpSync(source, target, { recursive: true, filter: (file) => !file.endsWith('.ts') })

// The package's `miniprogram` folder is what DevTools copies at「构建 npm」.
const npm = join(target, 'miniprogram_npm/@cashdesk/miniprogram')
mkdirSync(dirname(npm), { recursive: true })
cpSync(join(here, '../../packages/miniprogram/miniprogram_dist'), npm, { recursive: true })

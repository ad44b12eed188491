// Type-checks a few files under the tests' own configuration.

import { execFile } from 'node:child_process'
import { join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../..')

/** The errors in files under `folder`, one per line, with paths relative to it. Errors elsewhere belong to other checks. */
export function typeErrors(folder: string, config: string): Promise<string[]> {
  const tsc = join(ROOT, 'node_modules/.bin/tsc')
  return new Promise((done, fail) => {
    execFile(tsc, ['-p', config, '--pretty', 'false'], { cwd: folder, maxBuffer: 16 * 1024 * 1024 }, (error, stdout) => {
      if (error && typeof error.code !== 'number') fail(error)
      else done(stdout.split('\n').filter((line) => /^[^.\s].*: error TS|^error TS/.test(line)))
    })
  })
}

/** Compiler options for files that are checked against the sources and not compiled. */
export function againstSources(files: readonly string[]): object {
  return {
    extends: join(ROOT, 'tsconfig.tests.json'),
    compilerOptions: { noUnusedLocals: false, noUnusedParameters: false },
    include: [],
    files,
  }
}

export { ROOT }

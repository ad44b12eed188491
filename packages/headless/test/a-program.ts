// Small mini programs for the host's own tests, in the form that a compiler writes.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type MiniProgram, type RunOptions, runMiniProgram } from '../src/index.ts'

/** The answers of WeChat's control API and of the network; other addresses cannot be reached. */
export type Answers = Record<string, (request: Request) => Response | Promise<Response>>

export interface ProgramFiles {
  [path: string]: string
}

/** One page, `pages/index/index`, from its script and template. */
export function onePage(script: string, wxml = '<view/>', more: ProgramFiles = {}): ProgramFiles {
  return {
    'app.json': JSON.stringify({ pages: ['pages/index/index', 'pages/other/other'] }),
    'app.js': 'App({})',
    'pages/index/index.js': script,
    'pages/index/index.wxml': wxml,
    'pages/other/other.js': 'Page({})',
    'pages/other/other.wxml': '<text>other</text>',
    ...more,
  }
}

export function aProgram(files: ProgramFiles, answers: Answers = {}, options: Partial<RunOptions> = {}): MiniProgram {
  const dir = mkdtempSync(join(tmpdir(), 'mini-program-'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), text)
  }
  const program = runMiniProgram({
    dir,
    appid: 'wx0000000000000001',
    emulator: 'http://wechat.test/',
    fetch: async (request) => {
      const answer = answers[new URL(request.url).pathname]
      if (!answer) throw new Error(`net::ERR_CONNECTION_REFUSED ${request.url}`)
      return answer(request)
    },
    ...options,
  })
  onTestFinished(() => {
    program.close()
    rmSync(dir, { recursive: true })
  })
  return program
}

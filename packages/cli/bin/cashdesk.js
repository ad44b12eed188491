#!/usr/bin/env node
// Starts the command on a Node that can run it: this one, or the one that is installed beside it. Plain JavaScript for Node 18,
// because an older Node must at least be told what is missing. Inside the repository, where nothing is built, it starts the sources.

import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The first Node that runs the command: node:sqlite, and TypeScript as it is. */
const NODE_MAJOR = 24

const here = dirname(fileURLToPath(import.meta.url))
const inRepository = existsSync(join(here, '../tsconfig.json'))

function majorOf(version) {
  return Number(String(version).replace(/^v/, '').split('.')[0])
}

/** The folder and all above it. */
function upward(folder) {
  const above = dirname(folder)
  return above === folder ? [folder] : [folder, ...upward(above)]
}

/** The npm package `node` is a Node of its own: in the project that has this command, or in the one that it is started in. */
function nodeBeside() {
  for (const folder of [...upward(here), ...upward(process.cwd())]) {
    const found = join(folder, 'node_modules/node')
    const program = join(found, process.platform === 'win32' ? 'bin/node.exe' : 'bin/node')
    try {
      if (existsSync(program) && majorOf(JSON.parse(readFileSync(join(found, 'package.json'), 'utf8')).version) >= NODE_MAJOR)
        return program
    } catch {
      // Something else of that name.
    }
  }
  return undefined
}

/** In the language of the locale, like the command itself (src/command/language.ts), which this Node may not be able to load. */
function refuse(en, zh) {
  const { LC_ALL, LC_MESSAGES, LANG } = process.env
  const language = /^(en|zh)(?![a-z])/i.exec(LC_ALL || LC_MESSAGES || LANG || '')?.[1]?.toLowerCase()
  console.error(language === 'en' ? en : language === 'zh' ? zh : `${en}\n${zh}`)
  process.exit(1)
}

function tooOld() {
  const cure = inRepository ? `npm ci --prefix ${join(here, '../../..')}` : `npm install --save-dev node@${NODE_MAJOR}`
  refuse(
    `cashdesk needs Node ${NODE_MAJOR} or newer, and this is Node ${process.versions.node}: run \`${cure}\`, which brings one for this project alone, or use a newer Node.`,
    `cashdesk 需要 Node ${NODE_MAJOR} 或更新版本，当前为 Node ${process.versions.node}：请执行 \`${cure}\`（只在本项目中安装），或改用更新的 Node。`,
  )
}

/**
 * Signals go over a channel and not as signals: a terminal sends Ctrl-C to both processes, and the command must not take one for two.
 * The channel also closes when this process is killed, and then the command stops by itself (src/launched.ts).
 */
function start(node, args) {
  const env = { ...process.env, CASHDESK_LAUNCHER: String(process.pid) }
  const child = spawn(node, [...args, ...process.argv.slice(2)], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'], env })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (child.connected) child.send(signal, () => {})
      else child.kill(signal)
    })
  }
  child.on('error', (error) =>
    refuse(
      `cashdesk cannot start ${node}: ${error.message}. Install it again with \`npm install --force node@${NODE_MAJOR}\`, or use Node ${NODE_MAJOR} or newer.`,
      `cashdesk 无法启动 ${node}：${error.message}。请用 \`npm install --force node@${NODE_MAJOR}\` 重新安装，或改用 Node ${NODE_MAJOR} 及以上版本。`,
    ),
  )
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 0)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

const node = majorOf(process.versions.node) >= NODE_MAJOR ? process.execPath : nodeBeside()
if (node === undefined) tooOld()
else if (inRepository) start(node, ['--conditions=@cashdesk/source', join(here, '../src/main.ts')])
else if (node === process.execPath) await import('../dist/main.js')
else start(node, [join(here, '../dist/main.js')])

// The completion scripts in real shells. Shells that are not installed are not tested.

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { COMMAND_NAMES } from '../src/commands.ts'
import { run } from './run.ts'

let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cashdesk-completion-'))
  for (const shell of SHELLS) {
    const { code, out, err } = await run(['completion', shell, '--lang', 'en'])
    expect([code, err]).toEqual([0, ''])
    writeFileSync(join(folder, `cashdesk.${shell}`), out)
  }
  mkdirSync(join(folder, 'copies of the day'))
  writeFileSync(join(folder, 'cashdesk.json'), '{}')
})
afterAll(() => rmSync(folder, { recursive: true }))

const SHELLS = ['bash', 'zsh', 'fish'] as const

/** What the shell offers to complete the last word. */
const OFFERS: Record<(typeof SHELLS)[number], (words: readonly string[]) => string[]> = {
  bash: (words) => lines('bash', ['--norc', '-c', BASH, '_', ...words]),
  zsh: (words) => lines('zsh', ['-f', '-c', ZSH_STAND_INS, '_', ...words]).filter((word) => word.startsWith(words.at(-1) ?? '')),
  fish: (words) =>
    lines('fish', ['--no-config', '-c', `source ./cashdesk.fish; complete -C ${JSON.stringify(['cashdesk', ...words].join(' '))}`]).map(
      (line) => (line.split('\t')[0] ?? '').replace(/\/$/, '').replaceAll('\\ ', ' '),
    ),
}

function lines(shell: string, argv: readonly string[]): string[] {
  const { status, stdout, stderr, error } = spawnSync(shell, argv, { cwd: folder, encoding: 'utf8' })
  expect([error, stderr, status]).toEqual([undefined, '', expect.any(Number)])
  return stdout.split('\n').filter((line) => line !== '')
}

const BASH = `
source ./cashdesk.bash
COMP_WORDS=(cashdesk "$@"); COMP_CWORD=$#
_cashdesk
printf '%s\\n' "\${COMPREPLY[@]}"`

/** `compadd`, `_describe` and `_files` work only in a widget of the line editor; these replacements print their arguments. */
const ZSH_STAND_INS = `
compdef() { : }
source ./cashdesk.zsh
compadd() { shift; print -l -- "$@" }
_describe() { print -l -- "\${(@)offers%%:*}" }
_files() { [[ $1 == -/ ]] && print -l -- *(/) || print -l -- * }
words=(cashdesk "$@"); CURRENT=$#words; _cashdesk`

const isInstalled = (shell: string): boolean => spawnSync(shell, ['-c', 'exit 0']).status === 0

test('bash is installed', () => expect(isInstalled('bash')).toBe(true))

describe.each(SHELLS.filter(isInstalled))('%s', (shell) => {
  const offers = (...words: string[]): string[] => OFFERS[shell](words)

  test('offers every command, and those that begin with the given letters', () => {
    expect(offers('')).toEqual(expect.arrayContaining([...COMMAND_NAMES]))
    expect(offers('re').toSorted()).toEqual(['reconcile', 'refunds', 'repair', 'restore'])
  })

  test('offers the subcommands and options of the given command', () => {
    expect(offers('keys', 'r')).toEqual(['revoke'])
    expect(offers('keys', 'revoke', '--w')).toEqual(['--with-children'])
    expect(offers('orders', 'show', '--st')).toEqual([])
    expect(offers('orders', '--st')).toEqual(['--state'])
    expect(offers('emulator', 'conformance', '--dr')).toEqual(['--driver'])
  })

  test('does not take the value of an option for a command', () => {
    expect(offers('keys', '--server', 'list', 'c')).toEqual(['create'])
    expect(offers('--lang', 'zh', 'audit', '--gr')).toEqual(['--grace'])
  })

  test('offers choices, files and folders as values', () => {
    expect(offers('audit', '--lang', 'z')).toEqual(['zh'])
    expect(offers('serve', '--config', 'cashdesk.j')).toEqual(['cashdesk.json'])
    expect(offers('backup', '--to', 'c')).toEqual(['copies of the day'])
    expect(offers('restore', 'cashdesk.j')).toContain('cashdesk.json')
    expect(offers('orders', '--limit', '')).toEqual([])
  })
})

test.each(SHELLS)('the descriptions in the script for %s are in the language of the locale', async (shell) => {
  const { out } = await run(['completion', shell], { env: { LC_ALL: 'zh_CN.UTF-8' } })
  if (shell === 'bash') expect(out).not.toContain('run the payment server')
  else expect(out).toContain('运行支付服务')
  expect(out).not.toContain('run the payment server')
})

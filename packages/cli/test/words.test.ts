// The language of the command, and its messages for usage errors: cause, suggestion, where to read.

import { createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { errorText, inLanguage } from '../src/command/error-text.ts'
import { languageOf, localeLanguage, sayIn } from '../src/command/language.ts'
import { run } from './run.ts'

describe('the language', () => {
  test.each([
    [{ LC_ALL: 'zh_CN.UTF-8', LC_MESSAGES: 'en_US.UTF-8', LANG: 'en_US.UTF-8' }, 'zh'],
    [{ LC_MESSAGES: 'en_GB', LANG: 'zh_CN.UTF-8' }, 'en'],
    [{ LC_ALL: '', LANG: 'zh' }, 'zh'],
    [{ LANG: 'zh-Hans' }, 'zh'],
    [{ LANG: 'C.UTF-8' }, 'both'],
    [{ LC_ALL: 'C', LANG: 'zh_CN.UTF-8' }, 'both'],
    [{ LANG: 'de_DE.UTF-8' }, 'both'],
    [{ LANG: 'zha_CN' }, 'both'],
    [{}, 'both'],
  ] as const)('of the locale %j is %s', (env, language) => {
    expect(localeLanguage(env)).toBe(language)
  })

  test('of --lang wins, wherever it stands, but not behind --', () => {
    const env = { LANG: 'zh_CN.UTF-8' }
    expect(languageOf(['--lang', 'en', 'audit'], env)).toBe('en')
    expect(languageOf(['audit', '--lang=en'], env)).toBe('en')
    expect(languageOf(['explain', '--', '--lang', 'en'], env)).toBe('zh')
    expect(languageOf(['audit', '--lang', 'fr'], env)).toBe('zh')
  })

  test('applies to all texts of a process', async () => {
    const argv = ['explain', '268498688']
    const english = await run(argv, { env: { LC_ALL: 'en_US.UTF-8' } })
    expect([english.code, english.out]).toEqual([0, expect.stringMatching(/Causes[\s\S]*byte for byte/)])
    expect(english.out).not.toMatch(/\p{Script=Han}/u)
    const chinese = await run([...argv, '--lang', 'zh'], { env: { LC_ALL: 'en_US.UTF-8' } })
    expect(chinese.out).toMatch(/原因[\s\S]*逐字节/)
    expect(chinese.out).not.toContain('byte for byte')
    const both = await run(argv)
    expect(both.out).toMatch(/byte for byte[\s\S]*逐字节/)
  })
})

describe('errors', () => {
  test('with lines in two languages, or lines that hold both, are printed in one language', () => {
    const pair = 'There is no file 备份.db.\n找不到文件 备份.db。'
    expect([inLanguage(pair, 'en'), inLanguage(pair, 'zh'), inLanguage(pair, 'both')]).toEqual([...pair.split('\n'), pair])
    const config = 'The configuration c.json cannot be used:\n  - merchants.0.mchid: digits only · 只能是数字'
    expect(inLanguage(config, 'en')).toBe('The configuration c.json cannot be used:\n  - merchants.0.mchid: digits only')
    expect(inLanguage(config, 'zh')).toBe('配置文件 c.json 无法使用：\n  - merchants.0.mchid: 只能是数字')
  })

  test('in one language only are printed whole', () => {
    for (const message of ['a\nb', 'a · b', '只有中文', 'one\n二\nthree'])
      for (const language of ['en', 'zh'] as const) expect(inLanguage(message, language)).toBe(message)
  })

  test('from the operating system say cause and fix', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const { port } = taken.address() as { port: number }
    const inUse = await run(['emulator', '--port', String(port), '--lang', 'zh'])
    await new Promise((resolve) => taken.close(resolve))
    const address = `127.0.0.1:${port}`
    const refused = await run(['orders', '--server', `http://${address}`, '--lang', 'en'], { env: { CASHDESK_API_KEY: 'x' } })
    expect([refused.code, refused.err]).toEqual([
      1,
      `Nothing listens on ${address} (ECONNREFUSED). Start the server, or check the address.\n`,
    ])
    const unfit = await run(['orders', '--server', 'http://127.0.0.1:9', '--lang', 'zh'], { env: { CASHDESK_API_KEY: 'x' } })
    expect([unfit.code, unfit.err]).toEqual([1, expect.stringContaining('无法连接服务：bad port。')])
    expect([inUse.code, inUse.err]).toEqual([
      1,
      `端口已被占用：127.0.0.1:${port}（EADDRINUSE）。请停止占用它的程序，或换一个端口；0 表示自动选择空闲端口。\n`,
    ])
    expect(errorText('a string', sayIn('en'))).toBe('a string')
  })
})

describe('a usage error exits 2 and says the cause and where to read', () => {
  test.each([
    [['kyes'], 'There is no command kyes. Did you mean keys? See `cashdesk --help`.', '没有命令 kyes。是否想输入 keys？'],
    [['keys', 'lst'], 'There is no command lst. Did you mean list? See `cashdesk keys --help`.', '没有命令 lst。是否想输入 list？'],
    [['audit', '--jsno'], 'There is no option --jsno. Did you mean --json? See `cashdesk audit --help`.', '是否想输入 --json？'],
    [['orders', 'show', '--merchnat', 'x'], 'Did you mean --merchant? See `cashdesk orders show --help`.', '没有选项 --merchnat。'],
    [['orders', '--limit'], 'The option --limit <N> needs a value.', '选项 --limit <N> 缺少值。'],
    [['orders', '--limit', '--json'], 'The option --limit needs a value.', '选项 --limit 缺少值。'],
    [['backup'], 'The option --to <DIR> is required.', '缺少必需的选项 --to <DIR>。'],
    [['restore'], 'The argument FILE is missing.', '缺少参数 FILE。'],
    [['refunds', 'A', 'B'], 'Too many arguments for refunds.', 'refunds 的参数过多。'],
    [['audit', '--lang', 'fr'], '--lang takes zh or en, not fr.', '--lang 只能是 zh 或 en，不能是 fr。'],
    [['completion', 'tcsh'], 'There is no completion for tcsh', '不支持 tcsh'],
    [['refunds', 'A', '--state', 'x'], 'There is no option --state.', '没有选项 --state。'],
  ])('%j', async (argv, english, chinese) => {
    const en = await run(argv, { env: { LC_ALL: 'en_US.UTF-8' } })
    expect([en.code, en.out]).toEqual([2, ''])
    expect(en.err).toContain(english)
    expect(en.err).not.toMatch(/\p{Script=Han}/u)
    const zh = await run(argv, { env: { LC_ALL: 'zh_CN.UTF-8' } })
    expect(zh.code).toBe(2)
    expect(zh.err).toContain(chinese)
    expect(zh.err).not.toContain(english)
  })

  test('an option set in the environment counts as given, and one on the command line wins', async () => {
    const env = { LC_ALL: 'en_US.UTF-8', CASHDESK_DATABASE_URL: 'sqlite:from-the-environment.db' }
    expect((await run(['audit'], { env })).err).toContain('from-the-environment.db')
    expect((await run(['audit', '--database', 'sqlite:given.db'], { env })).err).toContain('given.db')
  })

  test('options of a group are accepted before and after the subcommand', async () => {
    for (const argv of [
      ['keys', '--server', 'http://127.0.0.1:9', 'list'],
      ['keys', 'list', '--server', 'http://127.0.0.1:9'],
    ])
      expect((await run([...argv, '--lang', 'en'], { env: { CASHDESK_API_KEY: 'x' } })).err).toContain('bad port')
  })
})

// The `wx` of the host: the calling convention, the network, login and payment, storage, navigation, and missing functions.

import { describe, expect, test } from 'vitest'
import { type Answers, aProgram, onePage } from './a-program.ts'

/** A page whose function `go` runs this code; the arguments of `say` are collected. */
const tapped = async (code: string, answers: Answers = {}, options: Parameters<typeof aProgram>[2] = {}) => {
  const script = `Page({ data: { said: [] }, async go() { const say = (...words) => this.setData({ said: [...this.data.said, ...words] }); ${code} } })`
  const program = aProgram(onePage(script, '<v bindtap="go"/>'), answers, options)
  const page = await program.open()
  await page.tap('go')
  return { program, page, said: () => page.data['said'] as unknown[] }
}

describe('every asynchronous function', () => {
  test('returns a promise when no callback is given', async () => {
    const { said } = await tapped("say(await wx.setStorage({ key: 'a', data: 1 }), await wx.getStorage({ key: 'b' }).catch((e) => e))")
    expect(said()).toEqual([{ errMsg: 'setStorage:ok' }, { errMsg: 'getStorage:fail data not found' }])
  })

  test('calls success or fail, then complete, and never synchronously', async () => {
    const options = '{ key, success: () => say("success"), fail: () => say("fail"), complete: () => say("complete") }'
    const { page, said } = await tapped(
      `wx.setStorageSync('a', 1); const ask = (key) => wx.getStorage(${options}); ask('a'); say('first'); ask('b')`,
    )
    await page.waitFor(() => said().length === 5)
    expect(said()).toEqual(['first', 'success', 'complete', 'fail', 'complete'])
  })

  test('reports an error that a callback throws, and goes on', async () => {
    const { program, page } = await tapped("wx.login({ fail: () => { throw new Error('broken callback') } })")
    await page.waitFor(() => program.errors.length === 1)
    expect(String(program.errors[0])).toContain('broken callback')
  })
})

describe('wx.request', () => {
  const echo: Answers = {
    '/echo': async (request) =>
      Response.json({ method: request.method, url: request.url, type: request.headers.get('content-type'), body: await request.text() }),
    '/text': () => new Response('not json', { status: 500 }),
    '/never': ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  }

  test('sends JSON, puts the data of a GET into the address, and parses the answer', async () => {
    const { said } = await tapped(
      `for (const method of ['GET', 'POST']) say((await wx.request({ url: 'http://a.test/echo', method, data: { q: '茶' } })).data)`,
      echo,
    )
    expect(said()).toEqual([
      { method: 'GET', url: 'http://a.test/echo?q=%E8%8C%B6', type: 'application/json', body: '' },
      { method: 'POST', url: 'http://a.test/echo', type: 'application/json', body: '{"q":"茶"}' },
    ])
  })

  test('succeeds with any status, and returns text as text', async () => {
    const { said, program } = await tapped(
      "const { statusCode, data, errMsg } = await wx.request({ url: 'http://a.test/text' }); say(statusCode, data, errMsg)",
      echo,
    )
    expect(said()).toEqual([500, 'not json', 'request:ok'])
    expect(program.requests).toEqual([{ method: 'GET', url: 'http://a.test/text', status: 500 }])
  })

  test.each([
    ["{ url: 'http://a.test/never', timeout: 20 }", { errMsg: 'request:fail timeout', errno: 5 }],
    ["{ url: '/relative' }", { errMsg: 'request:fail invalid url "/relative"', errno: 600009 }],
    ["{ url: 'http://a.test/echo', method: 'PATCH' }", { errMsg: 'request:fail invalid method "PATCH"', errno: 600005 }],
    ["{ url: 'http://b.test/' }", { errMsg: 'request:fail net::ERR_CONNECTION_REFUSED http://b.test/', errno: 600001 }],
  ])('fails with WeChat’s errno: %s', async (options, failure) => {
    expect((await tapped(`say(await wx.request(${options}).catch((e) => e))`, echo)).said()).toEqual([failure])
  })

  test('can be aborted', async () => {
    const { page, said } = await tapped("wx.request({ url: 'http://a.test/never', fail: ({ errMsg }) => say(errMsg) }).abort()", echo)
    await page.waitFor(() => said().length === 1)
    expect(said()).toEqual(['request:fail abort'])
  })
})

describe('WeChat', () => {
  const seen: unknown[] = []
  const weChat: Answers = {
    '/_emulator/login': async (request) =>
      Response.json({ code: `code of ${((await request.json()) as { openid?: string }).openid ?? 'anyone'}` }),
    '/_emulator/users': () => Response.json({ users: [{ openids: { wxother: 'o1' } }, { openids: { wx0000000000000001: 'o2' } }] }),
    '/_emulator/cashier': async (request) => {
      const asked = (await request.json()) as { action: string }
      seen.push(asked)
      return Response.json(
        asked.action === 'pay'
          ? { errMsg: 'requestPayment:ok' }
          : { errMsg: 'requestPayment:fail', err_code: 2, err_desc: '支付验证签名失败' },
      )
    },
  }
  const pay = "say(await wx.requestPayment({ timeStamp: '1', package: 'prepay_id=wx1' }).catch((e) => e))"

  test('gives a login code, and stores the session', async () => {
    const { program, said } = await tapped(
      'say((await wx.checkSession().catch((e) => e)).errMsg, (await wx.login()).code, (await wx.checkSession()).errMsg)',
      weChat,
    )
    expect(said()).toEqual(['checkSession:fail session time out, need relogin', 'code of anyone', 'checkSession:ok'])
    expect(program.logins).toEqual(['code of anyone'])
  })

  test('opens the cashier for the user of the phone, with unchanged fields and the running appid', async () => {
    seen.length = 0
    expect((await tapped(pay, weChat)).said()).toEqual([{ errMsg: 'requestPayment:ok' }])
    await tapped(pay, weChat, { openid: 'o9' })
    const asked = { timeStamp: '1', package: 'prepay_id=wx1', appId: 'wx0000000000000001', action: 'pay' }
    expect(seen).toEqual([
      { ...asked, openid: 'o2' },
      { ...asked, openid: 'o9' },
    ])
  })

  test('decides the result: every key of a failure reaches the program', async () => {
    const { said } = await tapped(pay, weChat, { cashier: 'fail' })
    expect(said()).toEqual([{ errMsg: 'requestPayment:fail', err_code: 2, err_desc: '支付验证签名失败' }])
  })

  test('that cannot be reached gives a failure that names the emulator', async () => {
    const { said } = await tapped('say((await wx.login().catch((e) => e)).errMsg)')
    expect(said()[0]).toContain('login:fail the emulator at http://wechat.test/ does not answer')
  })
})

test('storage keeps values, returns copies, and survives a restart of the program', async () => {
  const storage = new Map<string, string>()
  await tapped("wx.setStorageSync('cart', [{ id: 'latte' }]); wx.getStorageSync('cart').push(1)", {}, { storage })
  const { said } = await tapped(
    "say(wx.getStorageSync('cart'), wx.getStorageSync('none'), Array.isArray(wx.getStorageSync('cart')))",
    {},
    { storage },
  )
  expect(said()).toEqual([[{ id: 'latte' }], '', true])
})

test.each([
  ["navigateTo({ url: '/pages/none/none' })", 'navigateTo:fail page "pages/none/none" is not found'],
  ["switchTab({ url: '/pages/other/other' })", 'switchTab:fail can not switch to no-tabBar page'],
  ['navigateBack()', 'navigateBack:fail cannot navigate back at first page.'],
])('navigation that is impossible fails: %s', async (call, words) => {
  expect((await tapped(`say((await wx.${call}.catch((e) => e)).errMsg)`)).said()).toEqual([words])
})

test('at most ten pages are stacked, and back leaves them again', async () => {
  const script = "Page({ async go() { for (let n = 0; n < 10; n++) await wx.navigateTo({ url: '/pages/other/other' }) } })"
  const program = aProgram(
    onePage(script, '<v bindtap="go"/>', {
      'pages/other/other.js': 'Page({ back() { return wx.navigateBack({ delta: 99 }) } })',
      'pages/other/other.wxml': '<v bindtap="back"/>',
    }),
  )
  const page = await program.open()
  await expect(page.tap('go')).rejects.toMatchObject({ errMsg: 'navigateTo:fail webview count limit exceed' })
  await program.currentPage().tap('back')
  expect(program.currentPage().route).toBe('pages/index/index')
})

test('dialogs are answered as the test says, and toasts are recorded', async () => {
  const { program, said } = await tapped(
    "wx.showToast({ title: '已取消', icon: 'none' }); say((await wx.showModal({ title: '确定？' })).confirm)",
  )
  expect(said()).toEqual([true])
  program.setModalAnswer('cancel')
  await program.currentPage().tap('go')
  expect(said()).toEqual([true, false])
  expect(program.modals).toEqual([
    { title: '确定？', content: '' },
    { title: '确定？', content: '' },
  ])
  expect(program.toasts[0]).toEqual({ title: '已取消', icon: 'none' })
})

test('a function that the host does not offer throws an error that names it', async () => {
  const { said } = await tapped(
    "say(wx.canIUse('chooseMedia'), wx.canIUse('requestPayment.object.signType')); try { wx.chooseMedia({}) } catch (e) { say(e instanceof Error, e.message) }",
  )
  expect(said()).toEqual([false, true, true, 'wx.chooseMedia is not offered by the headless host.'])
})

describe('the global scope of a program', () => {
  test('has nothing of Node, and no eval', async () => {
    const { said } = await tapped(
      "say(typeof process, typeof fetch, typeof Buffer, typeof require('./helper').value); try { new Function('1') } catch (e) { say(e.name) }",
      {},
      {},
    ).catch((error: unknown) => ({ said: () => [String(error)] }))
    expect(said()).toEqual(["Error: module './helper' is not defined, required by 'pages/index/index.js'"])
    const { said: more } = await tapped(
      "say(typeof process, typeof fetch, typeof Buffer); try { new Function('1') } catch (e) { say(e.name) }",
    )
    expect(more()).toEqual(['undefined', 'undefined', 'undefined', 'EvalError'])
  })

  test('has a require that resolves as WeChat’s: relative, from the root, from miniprogram_npm, each file once', async () => {
    const program = aProgram(
      onePage(
        "const { count } = require('../../count'); require('/count.js'); Page({ data: { n: count(), npm: require('@a/b') } })",
        '<v/>',
        {
          'count.js': 'let n = 0; exports.count = () => ++n',
          'miniprogram_npm/@a/b/index.js': "module.exports = 'of npm'",
        },
      ),
    )
    expect((await program.open()).data).toEqual({ n: 1, npm: 'of npm' })
  })

  test('runs no timer after close()', async () => {
    const { program, said } = await tapped("setInterval(() => say('tick'), 1); setTimeout(() => { throw new Error('late') }, 30)")
    program.close()
    const before = said().length
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(said()).toHaveLength(before)
    expect(program.errors).toEqual([])
  })

  test('ext.json and the running appid configure a program', async () => {
    const files = onePage('Page({ data: { ...wx.getExtConfigSync(), ...wx.getAccountInfoSync().miniProgram } })', '<v/>', {
      'ext.json': JSON.stringify({ extEnable: true, ext: { a: 1, b: 1 } }),
    })
    const page = await aProgram(files, {}, { ext: { b: 2 } }).open()
    expect(page.data).toMatchObject({ a: 1, b: 2, appId: 'wx0000000000000001' })
  })
})

// A WeChat without a screen: runs a compiled mini program in Node, with a `wx` that talks to the emulator, and gives its pages to a test.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MiniProgram, RunOptions } from './mini-program.ts'
import { createInstance } from './pages/instance.ts'
import { type Page, pageOf } from './pages/page.ts'
import { createStack } from './pages/stack.ts'
import { filesIn } from './program/files.ts'
import { modulesIn } from './program/modules.ts'
import { programIn } from './program/program.ts'
import { createRealm, type LogLine } from './program/realm.ts'
import { until } from './until.ts'
import { accountApis, type SeenPayment } from './wx/account.ts'
import { appEvents } from './wx/app-events.ts'
import { deviceSync, type Launch } from './wx/device.ts'
import { interfaceApis, type Screen } from './wx/interface.ts'
import { requestApi, type SeenRequest } from './wx/request.ts'
import { storageApis, storageSync } from './wx/storage.ts'
import { type Fetch, weChatAt } from './wx/wechat.ts'
import { createWx } from './wx/wx.ts'
import { sheetsIn } from './wxml/sheet.ts'

/**
 * Runs the output of native projects, of uni-app (mp-weixin) and of Taro (weapp). Each call starts the program once, on one phone.
 *
 * ```ts
 * const phone = runMiniProgram({ dir: 'dist', appid: 'wx…', emulator: 'http://127.0.0.1:8900' })
 * const shelf = await phone.open('pages/index/index')
 * await shelf.waitFor((page) => page.text().includes('拿铁'))
 * await shelf.tap('#buy-latte')
 * const order = await phone.waitForPage('pages/order/order')
 * await order.waitFor((page) => page.text('#title') === '支付成功')
 * phone.close()
 * ```
 *
 * Custom components, event channels and layout are not supported. Throws when `dir` holds no app.json.
 */
export function runMiniProgram(options: RunOptions): MiniProgram {
  const { dir, appid, emulator, openid } = options
  const fetch: Fetch = options.fetch ?? ((request) => globalThis.fetch(request))
  const storage = options.storage ?? new Map<string, string>()
  let cashier = options.cashier ?? 'pay'
  const files = filesIn(dir)
  const ended = new AbortController()
  const logs: LogLine[] = []
  const errors: unknown[] = []
  const requests: SeenRequest[] = []
  const logins: string[] = []
  const payments: SeenPayment[] = []
  const screen: Screen = { toasts: [], modals: [], modalAnswer: 'confirm', loading: undefined, title: undefined, clipboard: '' }
  let launch: Launch | undefined

  const log = (line: LogLine): void => {
    logs.push(line)
    options.log?.(line)
  }
  const onError = (error: unknown): void => {
    errors.push(error)
    const text = error !== null && typeof error === 'object' && 'stack' in error ? String(error.stack) : String(error)
    log({ level: 'error', text })
    events.emit('Error', text)
    program.tellApp('onError', text)
  }

  const events = appEvents()
  const realm = createRealm({ log, onError })
  const sheetAt = sheetsIn({
    read: (path) => readFileSync(join(dir, path), 'utf8'),
    compile: realm.compile,
    warn: (text) => log({ level: 'warn', text }),
  })
  const program = programIn({ realm, modules: modulesIn(dir, realm), stack: () => stack, onError })
  const stack = createStack({
    pages: files.pages,
    tabs: files.tabs,
    create: ({ route, query }) =>
      createInstance(program.definition(route), {
        realm,
        route,
        query,
        warn: (text) => log({ level: 'warn', text }),
        onError,
      }),
  })
  const launched = (): Launch => launch ?? { path: files.pages[0] ?? '', query: {}, scene: SCENE_RECENT, referrerInfo: {} }
  const wechat = weChatAt({ emulator, appid, openid, fetch, signal: ended.signal })
  realm.globals['wx'] = createWx({
    realm,
    asynchronous: {
      ...accountApis({ wechat, logins, payments, action: () => cashier }),
      ...storageApis(storage),
      ...interfaceApis(screen, stack),
    },
    synchronous: {
      ...deviceSync({ realm, appid, ext: { ...files.ext, ...options.ext }, launch: launched }),
      ...storageSync(storage, realm),
      ...events.apis,
    },
    request: requestApi(fetch, requests, ended.signal),
  })

  const currentPage = (): Page => {
    const instance = stack.top()
    if (!instance) throw new Error('No page is open: call open() first.')
    return pageOf(instance, {
      realm,
      sheet: () => sheetAt(`${instance.route}.wxml`),
      isSeen: () => stack.top() === instance,
      story,
    })
  }
  const story = (): string =>
    [
      `toasts: ${JSON.stringify(screen.toasts)}`,
      `requests: ${requests.map(({ method, url, status }) => `${method} ${url} ${status ?? 'no answer'}`).join('; ')}`,
      ...logs.filter(({ level }) => level === 'error' || level === 'warn').map(({ level, text }) => `${level}: ${text}`),
    ].join('\n')

  return {
    async open(path = files.pages[0] ?? '', query = {}) {
      const route = path.replace(/^\//, '')
      if (!launch) {
        launch = { path: route, query, scene: SCENE_RECENT, referrerInfo: {} }
        program.launch(launch)
        events.emit('AppShow', realm.copy(launch))
      }
      stack.go('reLaunch', { route, query })
      return currentPage()
    },
    currentPage,
    async waitForPage(route, wait) {
      await until(
        () => stack.top()?.route === route,
        wait,
        () => `${stack.top()?.route} is seen instead of ${route}.\n${story()}`,
      )
      return currentPage()
    },
    setCashier(action) {
      cashier = action
    },
    setModalAnswer(answer) {
      screen.modalAnswer = answer
    },
    hide() {
      stack.hide()
      program.tellApp('onHide')
      events.emit('AppHide')
    },
    show() {
      const entered = realm.copy(launched())
      program.tellApp('onShow', entered)
      events.emit('AppShow', entered)
      stack.show()
    },
    logins,
    payments,
    toasts: screen.toasts,
    modals: screen.modals,
    requests,
    storage,
    logs,
    errors,
    close() {
      realm.close()
      ended.abort()
    },
  }
}

/** Scene 1089: the person opened the program from the list of recently used ones. */
const SCENE_RECENT = 1089

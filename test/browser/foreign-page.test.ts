// A web page of another origin in the developer's own browser, while the emulator and a phone run, can change nothing and read nothing.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RunningDev, startDev } from 'cashdesk'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aBrowser, chromiumPath } from './browser.ts'

const SCRIPT = readFileSync(new URL('foreign-page.js', import.meta.url), 'utf8')

describe.skipIf(chromiumPath === undefined)('A7: a page of another origin', () => {
  const dir = mkdtempSync(join(tmpdir(), 'foreign-'))
  let browser: Browser
  let dev: RunningDev
  let site: Server

  beforeAll(async () => {
    writeFileSync(join(dir, 'index.html'), '<!doctype html><html><head></head><body>shop</body></html>')
    // Both names lead to this machine: one is a foreign page, one is what an attacker's DNS answers after a minute.
    browser = await aBrowser(['--host-resolver-rules=MAP evil.example 127.0.0.1, MAP rebind.example 127.0.0.1'])
    dev = await startDev({
      dir,
      port: 0,
      wechat_port: 0,
      phone_port: 0,
      shop: { program: dir, merchant_name: '小店', backend: () => ({ fetch: async () => Response.json({}) }) },
    })
    site = createServer((_, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><title>evil</title><body><script>${SCRIPT}</script>`),
    )
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  })
  afterAll(async () => {
    await browser.close()
    site.close()
    await dev.close()
    rmSync(dir, { recursive: true })
  })

  const phoneURL = (): string => dev.phone ?? ''
  const port = (url: string): string => new URL(url).port
  const users = async (): Promise<number> => {
    const answer = await fetch(`${dev.wechat}/_emulator/users`)
    return ((await answer.json()) as { users: unknown[] }).users.length
  }
  const faults = (): number => dev.emulator.faults.list().length
  const here = (name: string): string => `http://${name}:${(site.address() as AddressInfo).port}/`

  const waysOf = (page: Page): Promise<string[]> => page.evaluate('Object.keys(ways)')
  /** The page tries one way of calling, and returns what the browser let it see. */
  const does = (page: Page, way: string, ...sent: string[]): Promise<string> =>
    page.evaluate(`ways[${JSON.stringify(way)}](...${JSON.stringify(sent)})`)

  test.each(['127.0.0.1', 'localhost', 'evil.example'])('of %s changes nothing and reads nothing, whatever it tries', async (name) => {
    const page = await browser.newPage()
    await page.goto(here(name))
    const [usersBefore, faultsBefore] = [await users(), faults()]
    const answers: number[] = []
    page.on('response', (response) => {
      if (!response.url().startsWith(here(name))) answers.push(response.status())
    })
    for (const way of await waysOf(page)) {
      for (const [url, body] of [
        [`${dev.wechat}/_emulator/faults`, '{"fault":"notification.lost"}'],
        [`${dev.wechat}/_emulator/users`, '{"name":"x"}'],
        [`${dev.wechat}/_emulator/settings`, '{}'],
        [`${dev.wechat}/_emulator/reset`, '{}'],
        [`${phoneURL()}/wechat/users`, '{"name":"x"}'],
        [`${phoneURL()}/wechat/faults`, '{"fault":"notification.lost"}'],
        [`${phoneURL()}/restart`, '{}'],
      ] as const)
        expect(await does(page, way, url, body), `${way} ${url}`).not.toMatch(/PRIVATE KEY|openid|fault/)
    }
    // A beacon and a frame are still being sent after the promise has resolved.
    await page.waitForLoadState('networkidle')
    expect(answers.length).toBeGreaterThan(30)
    expect(answers.filter((status) => status !== 403 && status !== 415)).toEqual([])
    expect([await users(), faults()]).toEqual([usersBefore, faultsBefore])
    await page.close()
  })

  test.each([
    ['the emulator', () => `${dev.wechat}/_emulator/users`],
    ['the phone’s WeChat', () => `${phoneURL()}/wechat/users`],
    ['the phone', () => `${phoneURL()}/restart`],
  ])('a form that leaves the page for %s changes nothing', async (_, address) => {
    const page = await browser.newPage()
    await page.goto(here('evil.example'))
    const before = await users()
    const [answer] = await Promise.all([
      page.waitForResponse(address()),
      page.evaluate(`submitForm(${JSON.stringify(address())}, '{"name":"x"}')`),
    ])
    expect(answer.status()).toBe(403)
    expect(await users()).toBe(before)
    await page.close()
  })

  test('a foreign name that is pointed here later (DNS rebinding) reaches no page and no key', async () => {
    const page = await browser.newPage()
    for (const [url, path] of [
      [dev.wechat, '/_emulator/'],
      [dev.wechat, '/_emulator/settings'],
      [phoneURL(), '/'],
      [phoneURL(), '/wechat/settings'],
    ] as const) {
      const answer = await page.goto(`http://rebind.example:${port(url)}${path}`)
      expect(answer?.status()).toBe(403)
      expect(await answer?.text()).toContain('HOST_FOREIGN')
      // For the browser the page is of the same origin and may read, so there must be nothing to read.
      const text = await page.evaluate(async (target) => (await fetch(target)).text(), path)
      expect(text).not.toContain('PRIVATE KEY')
      const { status } = await page.evaluate(async () => {
        const sent = await fetch('/_emulator/reset', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })
        return { status: sent.status }
      })
      expect(status).toBe(403)
    }
    await page.close()
  })

  test('our own pages still work, the emulator’s and the phone’s, under both names', async () => {
    for (const name of ['127.0.0.1', 'localhost']) {
      const page = await browser.newPage()
      const bad: string[] = []
      page.on('response', (response) => {
        if (response.status() >= 400 && !response.url().endsWith('favicon.ico')) bad.push(`${response.status()} ${response.url()}`)
      })
      await page.goto(`http://${name}:${port(dev.wechat)}/_emulator/`)
      await page.goto(`http://${name}:${port(phoneURL())}/`)
      const status = await page.evaluate(
        async () =>
          (await fetch('/wechat/users', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"name":"小王"}' }))
            .status,
      )
      expect(status).toBe(200)
      expect(bad).toEqual([])
      await page.close()
    }
  })
})

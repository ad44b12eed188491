// A web page of another origin in the developer's own browser, while the emulator and a phone run: it may change nothing and read nothing.

/// <reference lib="dom" />

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RunningDev, startDev } from 'cashdesk'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aBrowser, chromiumPath } from './browser.ts'

const TRIES = [
  'no-cors text/plain',
  'no-cors without body',
  'cors JSON',
  'a form',
  'a form in a frame',
  'a beacon',
  'a picture',
  'a script',
  'a frame',
]

describe.skipIf(chromiumPath === undefined)('A7: a page of another origin', () => {
  const dir = mkdtempSync(join(tmpdir(), 'foreign-'))
  let browser: Browser
  let dev: RunningDev
  let site: Server

  beforeAll(async () => {
    writeFileSync(join(dir, 'index.html'), '<!doctype html><html><head></head><body>shop</body></html>')
    // Both names lead to this machine: one as a page of its own anywhere, one as an attacker's DNS answers after a minute.
    browser = await aBrowser(['--host-resolver-rules=MAP evil.example 127.0.0.1, MAP rebind.example 127.0.0.1'])
    dev = await startDev({
      dir,
      port: 0,
      wechat_port: 0,
      phone_port: 0,
      shop: { program: dir, merchant_name: '小店', backend: () => ({ fetch: async () => Response.json({}) }) },
    })
    site = createServer((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>evil</title>'))
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  }, 60_000)
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

  /** The page does one thing, and says what the browser let it see. */
  const does = (page: Page, what: string, url: string, body: string): Promise<string> =>
    page.evaluate(
      async ([what = '', url = '', body = '']) => {
        const element = (tag: string, attribute: string): Promise<string> =>
          new Promise((resolve) => {
            const made = document.createElement(tag)
            made.addEventListener('load', () => resolve('loaded'))
            made.addEventListener('error', () => resolve('nothing'))
            made.setAttribute(attribute, url)
            document.body.append(made)
          })
        const form = (): Promise<string> =>
          new Promise((resolve) => {
            const target = `frame${document.forms.length}`
            const frame = document.createElement('iframe')
            frame.name = target
            document.body.append(frame)
            const made = document.createElement('form')
            Object.assign(made, { method: 'POST', action: url, enctype: 'text/plain', target })
            const field = document.createElement('input')
            // The body becomes JSON with a tail: {"name":"x","y":"=z"}.
            Object.assign(field, { name: `${body.slice(0, -1)},"y":"`, value: '"}' })
            made.append(field)
            document.body.append(made)
            frame.addEventListener('load', () => resolve('sent'))
            made.submit()
          })
        const asked = async (init: RequestInit): Promise<string> => {
          try {
            return (await (await fetch(url, init)).text()) || 'opaque'
          } catch {
            return 'nothing'
          }
        }
        if (what === 'no-cors text/plain') return asked({ method: 'POST', mode: 'no-cors', body })
        if (what === 'no-cors without body') return asked({ method: 'POST', mode: 'no-cors' })
        if (what === 'cors JSON') return asked({ method: 'POST', headers: { 'content-type': 'application/json' }, body })
        if (what === 'a form') return form()
        if (what === 'a beacon') return String(navigator.sendBeacon(url, body))
        if (what === 'a picture') return element('img', 'src')
        if (what === 'a script') return element('script', 'src')
        return element('iframe', 'src')
      },
      [what, url, body],
    )

  test.each(['127.0.0.1', 'localhost', 'evil.example'])('of %s changes nothing and reads nothing, whatever it tries', async (name) => {
    const page = await browser.newPage()
    await page.goto(here(name))
    const [usersBefore, faultsBefore] = [await users(), faults()]
    const answers: number[] = []
    page.on('response', (response) => {
      if (!response.url().startsWith(here(name))) answers.push(response.status())
    })
    for (const what of TRIES) {
      for (const [url, body] of [
        [`${dev.wechat}/_emulator/faults`, '{"fault":"notification.lost"}'],
        [`${dev.wechat}/_emulator/users`, '{"name":"x"}'],
        [`${dev.wechat}/_emulator/settings`, '{}'],
        [`${dev.wechat}/_emulator/reset`, '{}'],
        [`${phoneURL()}/wechat/users`, '{"name":"x"}'],
        [`${phoneURL()}/wechat/faults`, '{"fault":"notification.lost"}'],
        [`${phoneURL()}/restart`, '{}'],
      ] as const)
        expect(await does(page, what, url, body), `${what} ${url}`).not.toMatch(/PRIVATE KEY|openid|fault/)
    }
    expect(answers.length).toBeGreaterThan(30)
    expect(answers.filter((status) => status !== 403 && status !== 415)).toEqual([])
    expect([await users(), faults()]).toEqual([usersBefore, faultsBefore])
    await page.close()
  })

  test('a name that was made to lead here afterwards (DNS rebinding) reaches no page and no key', async () => {
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
      // To the browser the page is of the same origin, so it may read: there must be nothing to read.
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

  test('our own pages go on working: the emulator’s, and the phone’s, under both names', async () => {
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

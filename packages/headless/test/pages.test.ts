// Pages: life cycle, data, taps and navigation.

import { describe, expect, test } from 'vitest'
import { aProgram, onePage } from './a-program.ts'

describe('data', () => {
  test('setData changes nested values, stores copies, and calls back when it is done', async () => {
    const script = `Page({
      data: { order: { items: [{ n: 1 }] } },
      go() { const given = { n: 2 }; this.setData({ 'order.items[1]': given, 'a.b[0].c': 1 }, () => this.setData({ done: true })); given.n = 9 },
    })`
    const page = await aProgram(onePage(script, '<view bindtap="go">{{order.items[1].n}}</view>')).open()
    await page.tap('go')
    await page.waitFor(({ data }) => data['done'] === true)
    expect(page.data).toEqual({ order: { items: [{ n: 1 }, { n: 2 }] }, a: { b: [{ c: 1 }] }, done: true })
    expect(page.text()).toBe('2')
  })

  test('undefined in setData is left out, with a warning', async () => {
    const program = aProgram(onePage('Page({ onLoad() { this.setData({ a: undefined }) } })'))
    expect((await program.open()).data).toEqual({})
    expect(program.logs).toEqual([{ level: 'warn', text: 'setData: "a" must not be undefined (pages/index/index)' }])
  })

  test('each new page starts from the declared data', async () => {
    const program = aProgram(onePage('Page({ data: { n: [] }, onLoad() { this.data.n.push(1) } })'))
    await program.open()
    expect((await program.open()).data).toEqual({ n: [1] })
  })
})

test('the life cycle functions of app and page run in WeChat’s order', async () => {
  const life = (name: string): string => `${name}(o) { wx.setStorageSync('life', (wx.getStorageSync('life') || '') + ' ${name}') }`
  const program = aProgram({
    ...onePage(`Page({ ${['onLoad', 'onShow', 'onReady', 'onHide', 'onUnload'].map(life).join(', ')} })`),
    'app.js': `App({ ${['onLaunch', 'onHide'].map(life).join(', ')}, onShow(o) { this.entered = o } })`,
  })
  await program.open('/pages/index/index', { from: 'a friend' })
  program.hide()
  program.show()
  await program.open('pages/other/other')
  expect(JSON.parse(program.storage.get('life') ?? '')).toBe(' onLaunch onLoad onShow onReady onHide onHide onShow onUnload')
})

test('a page may be a Component, with properties, behaviors, observers and lifetimes', async () => {
  const script = `
    const shared = Behavior({ data: { shared: 1 }, methods: { both() { return 'behavior' }, own() { return 'behavior' } } })
    Component({
      behaviors: [shared],
      properties: { text: String, count: { type: Number, value: 7 } },
      lifetimes: { attached() { this.setData({ attached: this.route }) } },
      pageLifetimes: { show() { this.setData({ shown: true }) } },
      observers: { 'attached': function (route) { this.setData({ observed: route }) } },
      methods: { onLoad(query) { this.setData({ q: query.q }) }, own() { this.setData({ called: this.both() }) } },
    })`
  const page = await aProgram(onePage(script, '<button bind:tap="own"/>')).open(undefined, { q: '%E8%8C%B6' })
  await page.tap('own')
  expect(page.data).toEqual({
    shared: 1,
    text: '',
    count: 7,
    attached: 'pages/index/index',
    observed: 'pages/index/index',
    shown: true,
    q: '%E8%8C%B6',
    called: 'behavior',
  })
})

describe('an event', () => {
  const script = `Page({
    data: { list: ['a', 'b'], heard: [] },
    buy({ type, currentTarget, target }) { this.setData({ heard: [...this.data.heard, type + ' ' + currentTarget.dataset.id + ' at ' + target.id] }) },
    outer() { this.setData({ heard: [...this.data.heard, 'outer'] }) },
    fails() { throw new Error('broken handler') },
    async rejects() { throw new Error('broken later') },
  })`
  const wxml = `<view bindtap="outer">
    <button wx:for="{{list}}" wx:key="*this" id="b-{{item}}" data-id="{{item}}" bindtap="buy">{{item}}</button>
    <button id="caught" catchtap="buy" data-id="c"/>
  </view>
  <button id="off" disabled bindtap="buy"/><button id="fails" bindtap="fails"/><button id="rejects" bindtap="rejects"/>
  <button id="lost" bindtap="nowhere"/><text id="deaf"/>`
  const open = () => aProgram(onePage(script, wxml)).open()

  test('reaches the element and bubbles to its ancestors, until a catch handler stops it', async () => {
    const page = await open()
    await page.tap('#b-b')
    await page.tap('buy', { dataset: { id: 'a' } })
    await page.tap('#caught')
    expect(page.data['heard']).toEqual(['tap b at b-b', 'outer', 'tap a at b-a', 'outer', 'tap c at caught'])
  })

  test.each([
    ['#nowhere', 'Nothing to tap at "#nowhere"'],
    ['buy', '4 elements match'],
    ['#off', 'is disabled'],
    ['#lost', 'no method "nowhere"'],
    ['#deaf', 'does not listen to "tap"'],
    ['fails', 'broken handler'],
    ['rejects', 'broken later'],
  ])('that cannot be delivered fails with the reason: %s', async (wanted, words) => {
    await expect((await open()).tap(wanted)).rejects.toThrow(words)
  })

  test('does not reach a page that is covered by another', async () => {
    const program = aProgram(onePage("Page({ go() { wx.navigateTo({ url: '../other/other?a=1' }) } })", '<v bindtap="go"/>'))
    const page = await program.open()
    await page.tap('go')
    const other = await program.waitForPage('pages/other/other')
    expect(other.query).toEqual({ a: '1' })
    await expect(page.tap('go')).rejects.toThrow('is not the page that is seen')
  })

  test('of another kind, such as input, carries its detail', async () => {
    const page = await aProgram(
      onePage('Page({ type(e) { this.setData({ value: e.detail.value }) } })', '<input id="i" bindinput="type" value="{{value}}"/>'),
    ).open()
    await page.trigger('input', '#i', { value: '88' })
    expect(page.data['value']).toBe('88')
  })
})

test('a wait that times out reports what the page showed and what went wrong', async () => {
  const program = aProgram(onePage("Page({ onLoad() { console.error('no tea today') } })", '<text>empty shelf</text>'))
  const page = await program.open()
  await expect(page.waitFor(() => false, { timeout_ms: 20 })).rejects.toThrow(/within 20 ms[\s\S]*empty shelf[\s\S]*no tea today/)
})

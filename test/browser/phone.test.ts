// Buying on the phone in the browser: what the user sees, and what the server and the bank really know.

import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { seriousFaults } from './axe.ts'
import { aBrowser, chromiumPath } from './browser.ts'
import { aPhone, aStreet, DESKTOP, type Phone, POCKET, type Street, shopIsInstalled } from './phone.ts'

describe.skipIf(chromiumPath === undefined || !shopIsInstalled)('the phone', () => {
  let browser: Browser
  let street: Street
  let phone: Phone

  beforeAll(async () => {
    ;[browser, street] = await Promise.all([aBrowser(), aStreet()])
  })
  afterEach(() => phone.close())
  afterAll(async () => {
    await browser.close()
    await street.close()
  })

  const take = async (viewport = DESKTOP, locale = 'zh-CN'): Promise<Phone> => {
    await street.give('小明', 20_000)
    phone = await aPhone(browser, street, viewport, locale)
    return phone
  }
  const latest = async () => (await street.orders())[0]

  test.each([
    ['a desktop', DESKTOP],
    ['a phone', POCKET],
  ])(
    'on the screen of %s an order is bought, paid, confirmed by WeChat and refunded',
    async (name, viewport) => {
      const { page, shop, problems } = await take(viewport)
      await page.locator('#clear').click()
      await phone.fill('latte', 'croissant')
      await phone.picture(`phone-cart-${name.slice(2)}`)
      await phone.toCashier()
      expect(await page.locator('.payee').innerText()).toBe('晨间小铺')
      expect(await page.locator('.fen').innerText()).toBe('¥40.00')
      await phone.picture(`phone-cashier-${name.slice(2)}`)
      await phone.password('123456')
      await page.getByRole('button', { name: '完成' }).waitFor()
      await phone.picture(`phone-success-${name.slice(2)}`)
      await page.getByRole('button', { name: '完成' }).click()

      await phone.says('支付成功')
      expect(await latest()).toMatchObject({ state: 'paid', amount: { total: 4000 } })
      const { out_trade_no = '' } = (await latest()) ?? {}
      await page.locator('#orders tr', { hasText: out_trade_no }).getByText('已支付').waitFor()
      const notified = page.locator('#story li', { hasText: '微信支付通知' })
      await notified.getByText('通知验签通过').waitFor()
      await page.locator('#story li', { hasText: '事件通知小店 order.paid' }).locator('.chip', { hasText: '204' }).waitFor()
      await page.locator('#story li', { hasText: 'JSAPI 下单' }).getByText('请求验签通过').waitFor()
      await phone.picture(`phone-paid-${name.slice(2)}`)

      await shop.locator('#refund').click()
      await shop.locator('.uni-modal__btn_primary').click()
      await phone.says('退款中')
      await phone.says('已退款')
      expect(await shop.locator('#refunded').innerText()).toBe('¥40.00')
      await page.locator('#orders tr', { hasText: out_trade_no }).getByText('已退 ¥40.00').waitFor()
      await page.locator('#story li', { hasText: '微信退款通知' }).getByText('通知验签通过').waitFor()
      await phone.picture(`phone-refunded-${name.slice(2)}`)
      expect(problems).toEqual([])
    },
    40_000,
  )

  test('a payment cancelled at the cashier is shown as not paid, and the same order is paid later', async () => {
    const { page, shop } = await take()
    const before = street.payments()
    await phone.fill('oolong')
    await phone.toCashier()
    await page.getByRole('button', { name: '关闭', exact: true }).click()
    await phone.says('支付已取消')
    expect(street.payments()).toBe(before)
    const cancelled = await latest()
    expect(cancelled?.state).toBe('pending')
    await shop.locator('#pay').click()
    await phone.pay()
    await phone.says('支付成功')
    expect(await latest()).toMatchObject({ out_trade_no: cancelled?.out_trade_no, state: 'paid' })
    expect(street.payments()).toBe(before + 1)
  })

  test('F6: a wrong password does not pay, and the story says so; the right one pays', async () => {
    const { page } = await take()
    const before = street.payments()
    await phone.fill('latte')
    await phone.toCashier()
    await phone.password('000000')
    await page.getByText('支付密码错误，请重试').waitFor()
    await page.locator('#story li', { hasText: '输入支付密码：密码错误，没有付款' }).waitFor()
    expect(street.payments()).toBe(before)
    await page.getByRole('button', { name: '重试' }).click()
    // Entered by the keyboard, with a correction.
    await page.keyboard.type('12345')
    await page.keyboard.press('Backspace')
    await page.keyboard.type('56')
    await page.getByRole('button', { name: '完成' }).click()
    await phone.says('支付成功')
    expect(street.payments()).toBe(before + 1)
  })

  test('F6: with too little change nothing is paid, and the story says so; the card pays', async () => {
    const { page } = await take()
    await page.getByRole('button', { name: '零钱清空' }).click()
    await page.getByText('零钱 ¥0.00').waitFor()
    await phone.fill('mug')
    await phone.toCashier()
    await phone.password('123456')
    await page.getByText('零钱余额不足，请更换支付方式').waitFor()
    await page.locator('#story li', { hasText: '输入支付密码：零钱不足，没有付款' }).waitFor()
    expect((await latest())?.state).toBe('pending')
    await page.getByRole('button', { name: '更换' }).click()
    await page.getByText('余额不足', { exact: true }).waitFor()
    await page.getByText('工商银行储蓄卡').click()
    await phone.pay()
    await phone.says('支付成功')
    const { out_trade_no } = (await latest()) ?? {}
    const sealed = street.emulator.notifications().find((one) => one.out_trade_no === out_trade_no)?.resource
    expect(sealed).toMatchObject({ bank_type: 'ICBC_DEBIT' })
    await page.getByRole('button', { name: '零钱 ¥200' }).click()
    await page.locator('#change', { hasText: '¥200.00' }).waitFor()
  })

  test('a double tap makes one order and one payment', async () => {
    const { shop } = await take()
    const [orders, payments] = [(await street.orders()).length, street.payments()]
    await phone.fill('matcha')
    await shop.locator('#pay').dblclick()
    await phone.pay()
    await phone.says('支付成功')
    expect((await street.orders()).length).toBe(orders + 1)
    expect(street.payments()).toBe(payments + 1)
  })

  test('F6: the order is paid although its notification is lost, because the phone makes the server ask; the story says so', async () => {
    const { page } = await take()
    await page.getByRole('button', { name: '通知丢失' }).click()
    await page.locator('#faults [aria-pressed="true"]').waitFor()
    await phone.fill('americano')
    await phone.toCashier()
    await phone.pay()
    await phone.says('支付成功')
    const { out_trade_no, state } = (await latest()) ?? {}
    expect(state).toBe('paid')
    const notification = street.emulator.notifications().find((one) => one.out_trade_no === out_trade_no)
    expect(notification).toMatchObject({ state: 'waiting', deliveries: [{ fault: 'notification.lost' }] })
    await page.locator('#story li', { hasText: '向微信查单' }).first().getByText('应答带签名').waitFor()
    const lost = page.locator('#story li', { hasText: '微信支付通知：在途中丢失，微信稍后重发' })
    await lost.locator('.chip', { hasText: '通知丢失' }).waitFor()
    expect(await lost.locator('.chip').count()).toBe(1)
    await page.locator('#clear').click()
    await lost.waitFor({ state: 'detached' })
  })

  test.each(['伪造的通知', '通知签名错误'])('%s is refused, and the order is paid once', async (fault) => {
    const { page } = await take()
    const before = street.payments()
    await page.locator('#clear').click()
    await page.getByRole('button', { name: fault }).click()
    await page.locator('#faults [aria-pressed="true"]').waitFor()
    await phone.fill('latte')
    await phone.toCashier()
    await phone.pay()
    await phone.says('支付成功')
    await page.locator('#story li', { hasText: '微信支付通知' }).getByText('通知被拒绝').waitFor()
    expect(street.payments()).toBe(before + 1)
    expect((await latest())?.state).toBe('paid')
  })

  const arm = async (fault: string): Promise<void> => {
    await phone.page.locator('#clear').click()
    await phone.page.locator('#faults').getByRole('button', { name: fault, exact: true }).click()
    await phone.page.locator('#faults [aria-pressed="true"]').waitFor()
  }
  /** Each line about a fault: its words, and its labels with their colour. */
  const faultLines = (): Promise<{ words: string; chips: string[] }[]> =>
    phone.page.locator('#story li', { has: phone.page.locator('.wrong') }).evaluateAll((lines) =>
      lines.map((line) => ({
        words:
          line.querySelector('summary > span:nth-child(3)')?.firstChild?.textContent + (line.querySelector('.wrong')?.textContent ?? ''),
        chips: [...line.querySelectorAll('.chip')].map((chip) => `${chip.textContent} ${chip.className.slice(5)}`.trim()),
      })),
    )

  test.each([
    ['通知重复', '微信支付通知：同一条通知送达两次', ['通知重复 warn', '通知验签通过 good', '204']],
    ['伪造的通知', '微信支付通知：由他人冒充微信发送', ['伪造的通知 bad', '通知被拒绝 bad', '400 bad']],
    ['通知签名错误', '微信支付通知：签名与内容不符', ['通知签名错误 bad', '通知被拒绝 bad', '400 bad']],
    ['微信的应答丢失', 'JSAPI 下单：微信已处理，应答在途中丢失', ['请求验签通过 good', '微信的应答丢失 warn', '没有应答 bad']],
    [
      '微信拒绝',
      'JSAPI 下单：微信拒绝处理（SYSTEM_ERROR 系统异常，请稍后重试）',
      ['请求验签通过 good', '微信拒绝 warn', '应答带签名 good', '500 bad'],
    ],
  ])('F6: after %s the story has its sentence, its labels agree, and the order is paid', async (fault, words, chips) => {
    await take()
    // The first purchase of a phone calls code2Session at WeChat; the fault is meant for the order.
    await phone.fill('latte')
    await phone.toCashier()
    await phone.pay()
    await phone.says('支付成功')
    await phone.shop.locator('#home').click()
    await arm(fault)
    await phone.fill('latte')
    await phone.toCashier()
    await phone.pay()
    await phone.says('支付成功')
    await phone.page.locator('#story li', { hasText: words }).first().waitFor()
    expect(await faultLines()).toContainEqual({ words, chips })
    expect((await latest())?.state).toBe('paid')
  })

  test.each([
    ['zh-CN', '应答签名错误', 'JSAPI 下单：应答签名错误，不予采信', ['请求验签通过 good', '应答签名错误 bad', '200']],
    [
      'en-GB',
      'Answer badly signed',
      'JSAPI order: its answer was badly signed, so it was not believed',
      ['Request verified good', 'Answer badly signed bad', '200'],
    ],
  ])('F6: in %s a badly signed answer has a red label, and no green one says that it was signed', async (locale, fault, words, chips) => {
    await take(DESKTOP, locale)
    await phone.fill('latte')
    await phone.toCashier()
    await phone.page.keyboard.press('Escape')
    await phone.says('支付已取消')
    await phone.shop.locator('#home').click()
    await arm(fault)
    await phone.fill('latte')
    await phone.shop.locator('uni-page:visible #pay, #pay:visible').first().click()
    await phone.page.locator('#story li', { hasText: words }).first().waitFor()
    expect(await faultLines()).toContainEqual({ words, chips })
    await phone.picture(`story-bad-signature-${locale}`)
  })

  test('F6: the story can be filtered by one order, from the table or from the list', async () => {
    const { page, shop } = await take()
    await page.locator('#clear').click()
    for (const drink of ['latte', 'oolong']) {
      await phone.fill(drink)
      await phone.toCashier()
      await phone.pay()
      await phone.says('支付成功')
      await shop.locator('#home').click()
    }
    const [second, first] = (await street.orders()).map(({ out_trade_no }) => out_trade_no)
    if (first === undefined || second === undefined) throw new Error('two orders were placed')
    const all = await page.locator('#story li').count()
    await page.locator('#orders').getByRole('button', { name: first }).click()
    await page.locator('#story li', { hasText: second }).first().waitFor({ state: 'detached' })
    // The lines of its notification and of the cashier do not name the order, and are shown all the same.
    for (const line of ['小店下单', 'JSAPI 下单', '打开微信收银台', '输入支付密码', '微信支付通知', '事件通知小店 order.paid'])
      await page.locator('#story li', { hasText: line }).waitFor()
    expect(await page.locator('#story li').count()).toBeLessThan(all)
    await phone.picture('story-one-order')
    await page.locator('#only').selectOption(second)
    await page.locator('#story li', { hasText: first }).first().waitFor({ state: 'detached' })
    await page.locator('#story li', { hasText: second }).first().waitFor()
    await page.locator('#only').selectOption('全部')
    await page.locator('#story li', { hasText: first }).first().waitFor()
    const times = await page.locator('#story li time').allInnerTexts()
    expect(times).toEqual([...times].sort().reverse())
  })

  test('F6: after more than eight orders the story is still visible, and contains what the users did', async () => {
    const { page } = await take()
    for (let n = 1; n <= 9; n += 1) {
      await fetch(`${street.server}/v1/orders`, {
        method: 'POST',
        headers: { authorization: `Bearer ${street.api_key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ merchant: 'shop', out_trade_no: `MANY-${Date.now()}-${n}`, description: '很多', amount: { total: 100 } }),
      })
    }
    await page.locator('#orders tr', { hasText: 'MANY-' }).nth(7).waitFor({ state: 'attached' })
    await page.getByRole('button', { name: '重启支付服务' }).click()
    await page.getByText('支付服务已重启，订单都在').waitFor()
    await page.getByRole('button', { name: '手机断网' }).click()
    await page.getByRole('button', { name: '手机断网' }).click()
    await page.getByRole('button', { name: '+1 分钟' }).click()
    await page.getByRole('button', { name: '恢复系统时间' }).click()
    for (const line of ['支付服务重启完成', '手机断开网络', '手机恢复网络', '微信的时钟改为'])
      await page.locator('#story .mark', { hasText: line }).first().waitFor()
    const box = await page.locator('#story').boundingBox()
    expect(box?.height).toBeGreaterThan(200)
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(DESKTOP.height)
    await phone.picture('story-many-orders')
  })

  test('F10: Esc leaves every dialog of the cashier and pays nothing', async () => {
    const { page } = await take()
    const before = street.payments()
    await phone.fill('latte')
    await phone.toCashier()
    await page.locator('.method').click()
    await page.getByRole('dialog', { name: '选择付款方式' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog', { name: '微信支付' }).waitFor()
    await phone.password('000000')
    await page.getByRole('alertdialog', { name: '支付密码错误，请重试' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('alertdialog').waitFor({ state: 'detached' })
    await page.getByRole('dialog', { name: '微信支付' }).waitFor()
    await street.give('小明', 0)
    await phone.password('123456')
    await page.getByRole('alertdialog', { name: '零钱余额不足，请更换支付方式' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('alertdialog').waitFor({ state: 'detached' })
    await page.getByRole('dialog', { name: '微信支付' }).waitFor()
    expect(street.payments()).toBe(before)
    await street.give('小明', 20_000)
    await phone.password('123456')
    await page.getByRole('dialog', { name: '支付成功' }).waitFor()
    await page.keyboard.press('Escape')
    await phone.says('支付成功')
    expect(street.payments()).toBe(before + 1)
  })

  test('nothing is lost when the server is restarted between payment and confirmation', async () => {
    const { page } = await take()
    await phone.fill('basque')
    await phone.toCashier()
    await phone.password('123456')
    await page.getByRole('button', { name: '完成' }).waitFor()
    await page.getByRole('button', { name: '重启支付服务' }).click()
    await page.getByText('支付服务已重启').waitFor()
    await page.getByRole('button', { name: '完成' }).click()
    await phone.says('支付成功')
    expect((await latest())?.state).toBe('paid')
  })

  test('shop and cashier say that the phone is offline, and the shop claims no payment until the server has answered', async () => {
    const { page, shop } = await take()
    const before = street.payments()
    const network = page.getByRole('button', { name: '手机断网' })
    await phone.fill('latte')
    await network.click()
    await page.locator('#phone.offline').waitFor()
    await shop.locator('#pay').click()
    await shop.getByText('网络不可用，请稍后再试').waitFor()
    await network.click()
    await page.locator('#phone:not(.offline)').waitFor()

    await phone.toCashier()
    await network.click()
    await page.locator('#phone.offline').waitFor()
    await phone.password('123456')
    await page.getByText('网络不给力，请检查网络设置').waitFor()
    expect(street.payments()).toBe(before)
    await page.getByRole('button', { name: '知道了' }).click()
    await network.click()
    await page.locator('#phone:not(.offline)').waitFor()

    await phone.password('123456')
    await page.getByRole('button', { name: '完成' }).waitFor()
    await network.click()
    await page.locator('#phone.offline').waitFor()
    await page.getByRole('button', { name: '完成' }).click()
    await phone.says('暂时查不到订单')
    await network.click()
    await shop.locator('#refresh').click()
    await phone.says('支付成功')
    expect(street.payments()).toBe(before + 1)
  })

  test('the back key leaves the cashier without paying, and after a payment it does not return to the cart', async () => {
    const { page, shop } = await take()
    const before = street.payments()
    await phone.fill('croissant')
    await phone.toCashier()
    await page.goBack()
    await phone.says('支付已取消')
    expect(street.payments()).toBe(before)
    await shop.locator('#pay').click()
    await phone.pay()
    await phone.says('支付成功')
    // Only the shop inside the phone goes back, which Playwright's own goBack() does not see.
    await page.evaluate('history.back()')
    await shop.locator('#add-latte').waitFor()
    expect(await shop.locator('#to-cart').count()).toBe(0)
    expect(street.payments()).toBe(before + 1)
  })

  test('a program killed on the success page asks when it is opened again, and shows the paid order', async () => {
    const { page } = await take()
    const before = street.payments()
    await phone.fill('beans')
    await phone.toCashier()
    await phone.password('123456')
    await page.getByRole('button', { name: '完成' }).waitFor()
    await page.getByRole('button', { name: '杀掉微信' }).click()
    await page.locator('#enter').click()
    await phone.says('支付成功')
    expect(street.payments()).toBe(before + 1)
  })

  test('two users of one phone do not see each other’s orders, and each finds their own again', async () => {
    const { page, shop } = await take()
    await phone.fill('latte')
    await phone.toCashier()
    await phone.pay()
    await phone.says('支付成功')
    const mine = (await latest())?.out_trade_no
    await page.locator('#person').selectOption('小红')
    await shop.locator('#add-latte').waitFor()
    await shop.getByText('订单', { exact: true }).first().click()
    await shop.getByText('还没有订单，去点一杯吧').waitFor()
    await page.locator('#person').selectOption('小明')
    await shop.locator('#add-latte').waitFor()
    await shop.getByText('订单', { exact: true }).first().click()
    await shop.locator(`#order-${mine}`).getByText('支付成功').waitFor()
  })

  test('the panel is in the language of the browser, and in the other one at a tap', async () => {
    const { page } = await take(DESKTOP, 'en-GB')
    await page.getByText('Orders, as the payment server knows them').waitFor()
    await page.locator('#story li').first().waitFor()
    await page.getByRole('button', { name: '中文' }).click()
    await page.getByText('订单（以支付服务为准）').waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN')
  })

  test.each([
    ['a desktop', DESKTOP],
    ['a phone', POCKET],
  ])(
    'on %s axe finds no serious fault in shop, cart, cashier, order, list and panel',
    async (_, viewport) => {
      const { page, shop, problems } = await take(viewport)
      const faults: Record<string, string[]> = {}
      const look = async (name: string) => {
        const frame = page.frames().find((one) => one.url().includes('/program/'))
        faults[`page with ${name}`] = await seriousFaults(page)
        if (frame) faults[name] = await seriousFaults(frame)
      }
      // The story is kept short, because axe checks every line of it each time.
      await page.locator('#clear').click()
      await page.reload()
      await shop.locator('#add-latte').waitFor()
      await page.locator('#story li').first().locator('summary').click()
      await look('shelves')
      await phone.fill('latte')
      await look('cart')
      await phone.toCashier()
      await look('cashier')
      await page.locator('.method').click()
      await look('methods')
      await page.getByText('工商银行储蓄卡').click()
      await phone.password('123456')
      await page.getByRole('button', { name: '完成' }).waitFor()
      await look('success')
      await page.getByRole('button', { name: '完成' }).click()
      await phone.says('支付成功')
      await look('order')
      await shop.locator('#home').click()
      await shop.getByText('订单', { exact: true }).first().click()
      await shop.getByText('支付成功').first().waitFor()
      await look('list')
      expect(Object.fromEntries(Object.entries(faults).filter(([, found]) => found.length > 0))).toEqual({})
      expect(problems).toEqual([])
    },
    60_000,
  )
})

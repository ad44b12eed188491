// WeChat's cashier: the sheet with the six digits, what may go wrong on it, and the page that says 支付成功. Resolves with what requestPayment says.

import { ask, make, yuan } from './dom.js'

/**
 * @typedef {import('@cashdesk/emulator').CashierResult} CashierResult
 * @typedef {import('@cashdesk/emulator').Sheet} Sheet
 * @typedef {keyof typeof METHODS} Method
 * @typedef {ReturnType<typeof openCashier>} Cashier
 */

const CANCEL = { errMsg: 'requestPayment:fail cancel' }
const METHODS = { change: '零钱', card: '工商银行储蓄卡(8210)' }

/**
 * @param {HTMLElement} place
 * @param {object} payment the fields as the program gave them, with the running appid and the openid of who holds the phone
 * @param {string} merchant_name
 */
export function openCashier(place, payment, merchant_name) {
  /** @type {Method} */
  let method = 'change'
  /** @type {(said: CashierResult | undefined) => void} */
  let end = () => {}
  /** @type {Promise<CashierResult | undefined>} */
  const ended = new Promise((resolve) => {
    end = resolve
  })

  /** Whatever an answer brings that comes after the end, it draws nothing. */
  let over = false
  /** @param {CashierResult | undefined} said */
  const close = (said) => {
    if (over) return
    over = true
    place.replaceChildren()
    document.removeEventListener('keydown', onKey)
    end(said)
  }
  /** @param {Node[]} children */
  const cover = (...children) => {
    if (!over) place.replaceChildren(make('div', { className: 'cover' }, ...children))
  }
  const loading = () => cover(make('p', { className: 'loading', role: 'status' }, '正在加载…'))

  /** What Esc does in the dialog that is open, or on the page that is. */
  let onEscape = () => close(CANCEL)

  /**
   * A question in the middle, over whatever is there. Esc is its first answer: the one that changes nothing.
   *
   * @param {string} text
   * @param {[string, ...string[]]} answers
   * @returns {Promise<string | undefined>} nothing when the cashier is closed already
   */
  const dialog = (text, ...answers) =>
    new Promise((resolve) => {
      if (over) return resolve(undefined)
      const before = onEscape
      /** @param {string} answer */
      const choose = (answer) => () => {
        onEscape = before
        middle.remove()
        resolve(answer)
      }
      onEscape = choose(answers[0])
      const buttons = answers.map((answer) => make('button', { type: 'button', onclick: choose(answer) }, answer))
      const box = make('div', { className: 'dialog', role: 'alertdialog', ariaModal: 'true', ariaLabel: text }, make('p', {}, text))
      const middle = make('div', { className: 'middle' }, box)
      box.append(make('div', {}, ...buttons))
      place.append(middle)
      buttons.at(-1)?.focus({ preventScroll: true })
    })
  const noNetwork = () => dialog('网络不给力，请检查网络设置', '知道了')

  /**
   * It does not open: people see why, and the program is told when they have.
   *
   * @param {CashierResult} result
   */
  const refuse = async ({ emulator: _, ...result }) => {
    cover()
    await dialog(result.err_desc ?? result.errMsg.replace(/^requestPayment:fail[: ]*/, ''), '确定')
    close(result)
  }

  const start = async () => {
    loading()
    let answer
    try {
      answer = await ask('wechat/cashier/open', 'POST', payment)
    } catch {
      cover()
      await noNetwork()
      return close(CANCEL)
    }
    if (answer.result) return refuse(answer.result)
    if (!answer.sheet) return refuse({ errMsg: `requestPayment:fail ${answer.message ?? ''}` })
    sheet(answer.sheet)
  }

  let digits = ''
  let busy = false
  /** @type {Sheet} */
  let opened = { mchid: '', description: '', total: 0, change: 0 }
  /** @param {string} selector */
  const focusOn = (selector) => {
    const found = place.querySelector(selector)
    if (found instanceof HTMLElement) found.focus({ preventScroll: true })
  }
  const boxes = () => [...place.querySelectorAll('.digits b')]
  const show = () => {
    boxes().forEach((box, i) => {
      box.textContent = i < digits.length ? '●' : ''
    })
    place.querySelector('.digits')?.setAttribute('aria-label', `支付密码，已输入 ${digits.length} 位`)
  }
  /** @param {string} digit */
  const tap = (digit) => {
    if (busy || place.querySelector('.middle')) return
    digits = digit === 'back' ? digits.slice(0, -1) : (digits + digit).slice(0, 6)
    show()
    if (digits.length === 6) confirm()
  }
  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.ctrlKey || event.metaKey) return
    if (event.key === 'Escape') onEscape()
    else if (place.querySelector('.digits') === null) return
    else if (/^[0-9]$/.test(event.key)) tap(event.key)
    else if (event.key === 'Backspace') tap('back')
  }

  /** @param {string} digit */
  const key = (digit, label = digit) =>
    make(
      'button',
      {
        type: 'button',
        className: digit === 'back' ? 'back' : '',
        ariaLabel: digit === 'back' ? '删除' : digit,
        onclick: () => tap(digit),
      },
      label,
    )

  /** @param {Method} one */
  const nameOf = (one) => (one === 'change' ? `${METHODS.change}(剩余${yuan(opened.change)})` : METHODS.card)

  /** @param {Sheet} found */
  const sheet = (found) => {
    if (over) return
    opened = found
    onEscape = () => close(CANCEL)
    digits = ''
    busy = false
    const head = make(
      'div',
      { className: 'sheet-head' },
      make('button', { type: 'button', ariaLabel: '关闭', onclick: () => close(CANCEL) }, '×'),
      '请输入支付密码',
    )
    const box = make('div', { className: 'digits', role: 'group' }, ...Array.from({ length: 6 }, () => make('b')))
    const keys = [...'123456789'].map((digit) => key(digit))
    cover(
      make(
        'div',
        { className: 'sheet', role: 'dialog', ariaModal: 'true', ariaLabel: '微信支付' },
        head,
        make('p', { className: 'payee' }, merchant_name),
        make('p', { className: 'goods' }, found.description),
        make('p', { className: 'fen' }, yuan(found.total)),
        make(
          'button',
          { type: 'button', className: 'method', onclick: choose },
          make('span', {}, '付款方式'),
          make('span', {}, `${nameOf(method)} ›`),
        ),
        box,
        make('div', { className: 'keys' }, ...keys, make('span', { ariaHidden: 'true' }), key('0'), key('back', '⌫')),
      ),
    )
    show()
    focusOn('.keys button')
  }

  const choose = () => {
    /** @param {Method} one */
    const row = (one) =>
      make(
        'button',
        {
          type: 'button',
          className: 'method',
          ariaPressed: String(one === method),
          onclick() {
            method = one
            sheet(opened)
          },
        },
        make('span', {}, nameOf(one), one === 'change' && opened.change < opened.total && make('small', {}, '余额不足')),
        make('span', {}, one === method ? '✓' : ''),
      )
    const head = make(
      'div',
      { className: 'sheet-head' },
      make('button', { type: 'button', ariaLabel: '返回', onclick: () => sheet(opened) }, '‹'),
      '选择付款方式',
    )
    onEscape = () => sheet(opened)
    cover(
      make(
        'div',
        { className: 'sheet methods', role: 'dialog', ariaModal: 'true', ariaLabel: '选择付款方式' },
        head,
        row('change'),
        row('card'),
      ),
    )
    focusOn('.methods .method')
  }

  const confirm = async () => {
    busy = true
    let answer
    try {
      answer = await ask('wechat/cashier/confirm', 'POST', { ...payment, method, password: digits })
    } catch {
      await noNetwork()
      return sheet(opened)
    }
    if (answer.trouble === 'WRONG_PASSWORD') {
      await dialog('支付密码错误，请重试', '重试')
      return sheet(opened)
    }
    if (answer.trouble === 'INSUFFICIENT_CHANGE') {
      const change = (await dialog('零钱余额不足，请更换支付方式', '取消', '更换')) === '更换'
      return change ? choose() : sheet(opened)
    }
    if (answer.result?.errMsg === 'requestPayment:ok') return success(answer.result)
    return refuse(answer.result ?? { errMsg: `requestPayment:fail ${answer.message ?? ''}` })
  }

  /**
   * The money is paid; the program hears of it when 完成 is tapped, and never before.
   *
   * @param {CashierResult} result
   */
  const success = (result) => {
    if (over) return
    onEscape = () => close(result)
    const done = make('button', { type: 'button', onclick: () => close(result) }, '完成')
    place.replaceChildren(
      make(
        'div',
        { className: 'success', role: 'dialog', ariaModal: 'true', ariaLabel: '支付成功' },
        make('b', { ariaHidden: 'true' }, '✓'),
        make('h2', {}, '支付成功'),
        make('p', { className: 'payee' }, merchant_name),
        make('p', { className: 'fen' }, yuan(opened.total)),
        done,
      ),
    )
    done.focus({ preventScroll: true })
  }

  document.addEventListener('keydown', onKey)
  start()
  return {
    ended,
    /** The back key: on the success page it is 完成, anywhere else the person leaves. */
    back() {
      const done = place.querySelector('.success button')
      if (done instanceof HTMLElement) done.click()
      else close(CANCEL)
    },
    /** The program was closed under it: nobody is told anything. */
    abandon: () => close(undefined),
  }
}

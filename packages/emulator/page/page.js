// The emulator's page: what this WeChat sees and does, live, and a hand on it. Talks to the control API beside it and to nothing else.

import { CLIENTS } from './settings.js'

/**
 * @typedef {import('@cashdesk/emulator').Notification} Notification
 * @typedef {import('@cashdesk/emulator').SeenRequest} SeenRequest
 * @typedef {{ faults: import('@cashdesk/emulator').ArmedFault[]; known: Record<string, { en: string; zh: string }> }} Faults
 * @typedef {{
 *   out_trade_no: string
 *   description: string
 *   amount: { total: number }
 *   trade_state: string
 *   transaction_id?: string
 *   prepay_id?: string
 * }} Order
 * @typedef {Node | string | number | null | undefined} Child
 */

const base = location.pathname.replace(/[^/]*$/, '')
/** @param {string} id */
const byId = (id) => {
  const found = document.getElementById(id)
  if (found) return found
  throw new TypeError(`the page has no #${id}`)
}

/**
 * @param {string} path
 * @param {string} [method]
 * @param {object} [body]
 * @returns {Promise<any>} what this address answers, which whoever asks knows
 */
const ask = async (path, method = 'GET', body) => {
  const answer = await fetch(base + path, {
    method,
    ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  return answer.json()
}

/**
 * An element with children; text is only ever text.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Partial<HTMLElementTagNameMap[Tag]>} [properties]
 * @param {Child[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties)
  for (const child of children) if (child !== undefined && child !== null) element.append(typeof child === 'number' ? String(child) : child)
  return element
}

/**
 * @param {string} label
 * @param {() => Promise<unknown>} act
 */
const button = (label, act, className = '') => make('button', { type: 'button', className, onclick: () => act().then(show) }, label)

/**
 * @param {string[]} titles
 * @param {Child[][]} rows
 * @param {string} empty
 */
const table = (titles, rows, empty) => {
  if (rows.length === 0) return make('p', { className: 'empty' }, empty)
  const head = make('tr', {}, ...titles.map((title) => make('th', { scope: 'col' }, title)))
  return make(
    'table',
    {},
    make('thead', {}, head),
    make(
      'tbody',
      {},
      ...rows.map((cells) =>
        make('tr', {}, ...cells.map((cell) => (cell instanceof HTMLTableCellElement ? cell : make('td', {}, cell ?? '')))),
      ),
    ),
  )
}

/** @param {number} fen */
const yuan = (fen) => `¥${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`
/**
 * @param {string} text
 * @param {boolean} good
 * @param {boolean} bad
 */
const state = (text, good, bad) => make('span', { className: good ? 'good' : bad ? 'bad' : '' }, text)

/** @param {Order} order */
const payment = (order) => {
  /** @param {'pay' | 'cancel' | 'fail'} action */
  const choose = (action) => async () => {
    const said = await ask('orders/pay', 'POST', { prepay_id: order.prepay_id, action })
    byId('said').textContent = `${order.out_trade_no}: ${said.errMsg}`
  }
  return make(
    'div',
    { className: 'buttons' },
    button('Pay 支付', choose('pay'), 'pay'),
    button('Cancel 取消', choose('cancel')),
    button('Fail 失败', choose('fail')),
  )
}

/** @param {Order[]} orders */
const showOrders = (orders) =>
  table(
    ['Order 订单号', 'Description 商品', 'Amount 金额', 'State 状态', ''],
    orders.map((order) => [
      order.out_trade_no,
      order.description,
      make('td', { className: 'money' }, yuan(order.amount.total)),
      make(
        'span',
        {},
        state(order.trade_state, order.trade_state === 'SUCCESS', order.trade_state === 'CLOSED'),
        order.transaction_id ? ` ${order.transaction_id}` : '',
      ),
      order.trade_state === 'NOTPAY' && order.prepay_id ? payment(order) : '',
    ]),
    'No order yet: point your client at this address. 还没有订单：请把客户端指向本地址。',
  )

/** @param {Notification[]} notifications */
const showNotifications = (notifications) =>
  table(
    ['Order 订单号', 'Event 事件', 'To 地址', 'State 状态', 'Deliveries 投递', ''],
    notifications
      .toReversed()
      .map((one) => [
        one.out_trade_no,
        one.event_type,
        one.notify_url,
        state(one.state, one.state === 'delivered', one.state === 'exhausted'),
        one.deliveries.map(({ status, error, fault }) => (status && error ? `${status} ${error}` : (status ?? fault ?? error))).join(', '),
        button('Replay 重发', () => ask(`notifications/${one.id}/replay`, 'POST')),
      ]),
    'None yet. 暂无通知。',
  )

/**
 * Open folds stay open when the page is drawn again.
 *
 * @type {Set<string>}
 */
const unfolded = new Set()
/**
 * @param {string} key
 * @param {Child} title
 * @param {Child[]} content
 */
const fold = (key, title, ...content) => {
  const element = make('details', { open: unfolded.has(key) }, make('summary', {}, title), ...content)
  element.addEventListener('toggle', () => (element.open ? unfolded.add(key) : unfolded.delete(key)))
  return element
}

/** @param {SeenRequest[]} requests */
const showRequests = (requests) =>
  table(
    ['Time 时间', 'Request 请求', 'Signature 签名', 'Answer 应答'],
    requests
      .slice(0, 50)
      .map((one) => [
        one.time.slice(11, 19),
        `${one.method} ${one.target}`,
        one.canonical
          ? fold(`${one.id}`, state(one.verdict, one.verdict === 'accepted', one.verdict === 'refused'), make('pre', {}, one.canonical))
          : state(one.verdict, false, one.verdict === 'refused'),
        make(
          'div',
          {},
          [one.status, one.code, one.message, one.fault].filter(Boolean).join(' '),
          one.explanation && make('p', { className: 'bad' }, `${one.explanation.en} ${one.explanation.zh}`),
        ),
      ]),
    'None yet. 暂无请求。',
  )

/** @param {Faults} faults */
const showFaults = ({ faults, known }) => {
  const armed = faults.map((fault) => [
    fault.fault,
    `×${fault.remaining}`,
    button('Disarm 解除', () => ask(`faults/${fault.id}`, 'DELETE')),
  ])
  const choice = make(
    'select',
    { id: 'fault', ariaLabel: 'Fault 故障' },
    ...Object.entries(known).map(([name, says]) => make('option', { value: name }, `${name} — ${says.en} ${says.zh}`)),
  )
  choice.value = chosenFault || choice.value
  choice.onchange = () => (chosenFault = choice.value)
  const arm = button('Arm once 触发一次', () => ask('faults', 'POST', { fault: choice.value }))
  return make(
    'div',
    {},
    make('div', { className: 'buttons' }, choice, arm),
    table(['Armed 已设置', 'Times 次数', ''], armed, 'No fault is armed. 未设置故障。'),
  )
}
let chosenFault = ''

/**
 * @param {string} id
 * @param {Node} content
 */
const draw = (id, content) => {
  const place = byId(id)
  // A person who is choosing or reading must not have the page pulled away.
  if (place.contains(document.activeElement) && document.activeElement?.tagName === 'SELECT') return
  place.replaceChildren(content)
}

const show = async () => {
  try {
    const [clock, { orders }, { notifications }, { requests }, faults] = await Promise.all(
      ['clock', 'orders', 'notifications', 'requests', 'faults'].map((path) => ask(path)),
    )
    byId('clock').textContent = clock.time
    draw('orders', showOrders(orders))
    draw('notifications', showNotifications(notifications))
    draw('requests', showRequests(requests))
    draw('faults', showFaults(faults))
  } catch {
    byId('clock').textContent = 'not running 已停止'
  }
}

const showSettings = async () => {
  const settings = await ask('settings')
  const client = byId('client')
  if (!(client instanceof HTMLSelectElement)) return
  client.replaceChildren(...Object.keys(CLIENTS).map((name) => make('option', { value: name }, name)))
  const write = () => {
    byId('settings').textContent = CLIENTS[client.value]?.(settings) ?? ''
  }
  client.onchange = write
  write()
}

for (const one of document.querySelectorAll('[data-advance]')) {
  if (!(one instanceof HTMLButtonElement)) continue
  const { advance } = one.dataset
  one.onclick = () => ask('clock', 'POST', advance === 'now' ? { now: Date.now() } : { advance_ms: Number(advance) }).then(show)
}
await showSettings()
await show()
setInterval(show, 1000)

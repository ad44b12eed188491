// Beside the phone: the orders as the server knows them, the faults one may arm, the clock, the network, and who holds the phone.

import { ask, byId, elementOf, make, yuan } from './dom.js'
import { showStory } from './story.js'
import { armable, say, spoken, stateName } from './words.js'

/**
 * @typedef {import('@cashdesk/phone').Told} Told
 * @typedef {{ out_trade_no: string; description: string; amount: { total: number; refunded: number }; state: string }} Order
 * @typedef {{
 *   exchanges: (Told | import('@cashdesk/phone').Mark)[]
 *   orders: Order[] | null
 *   faults: import('@cashdesk/emulator').ArmedFault[]
 *   online: boolean
 *   clock: { now: number; offset_ms: number }
 * }} Story
 */

const LOOK_AGAIN_MS = 600

const filter = elementOf('only', HTMLSelectElement)
const person = elementOf('person', HTMLSelectElement)

/** @type {Map<string, string>} */
const shown = new Map()
/**
 * Draws only what changed, so that nothing is pulled away from a person's finger.
 *
 * @param {string} id
 * @param {unknown} facts
 * @param {() => Node[]} content
 */
const draw = (id, facts, content) => {
  const key = spoken() + JSON.stringify(facts)
  if (shown.get(id) === key) return
  shown.set(id, key)
  byId(id).replaceChildren(...content())
}

/** The order whose lines the story shows; none shows all. */
let only = ''

/** @param {string} out_trade_no */
const showOnly = (out_trade_no) => {
  only = out_trade_no === only ? '' : out_trade_no
  filter.value = only
  return lookSafely()
}

/** @param {string} out_trade_no */
const orderButton = (out_trade_no) =>
  make(
    'button',
    {
      type: 'button',
      className: 'number',
      ariaPressed: String(out_trade_no === only),
      title: say('only'),
      onclick: () => showOnly(out_trade_no),
    },
    out_trade_no,
  )

/**
 * Every order that the story tells of, newest first.
 *
 * @param {Story['exchanges']} exchanges
 */
const orderChoices = (exchanges) => {
  const numbers = [...new Set(exchanges.flatMap((one) => ('out_trade_no' in one && one.out_trade_no) || []))].reverse()
  // The chosen one stays a choice after the story was cleared.
  if (only && !numbers.includes(only)) numbers.push(only)
  return numbers
}

/** @param {Story['orders']} orders */
const ordersTable = (orders) => {
  if (orders === null) return [make('p', { className: 'empty' }, say('down'))]
  if (orders.length === 0) return [make('p', { className: 'empty' }, say('none'))]
  const titles = /** @type {const} */ (['number', 'goods', 'amount', 'state'])
  const head = titles.map((title) => make('th', { scope: 'col' }, say(title)))
  const rows = orders.map(({ out_trade_no, description, amount, state }) =>
    make(
      'tr',
      {},
      make('td', {}, orderButton(out_trade_no)),
      make('td', {}, description),
      make('td', { className: 'money' }, yuan(amount.total)),
      make(
        'td',
        {},
        make('span', { className: `chip ${state === 'paid' ? 'good' : state === 'review' ? 'bad' : ''}` }, stateName(state)),
        amount.refunded > 0 && make('span', { className: 'chip warn' }, `${say('refunded')} ${yuan(amount.refunded)}`),
      ),
    ),
  )
  return [make('table', {}, make('thead', {}, make('tr', {}, ...head)), make('tbody', {}, ...rows))]
}

/** @param {Story['faults']} armed */
const faultButtons = (armed) =>
  armable().map(({ name, words }) => {
    const ids = armed.filter(({ fault }) => fault === name).map(({ id }) => id)
    const toggle = async () => {
      if (ids.length > 0) for (const id of ids) await ask(`wechat/faults/${id}`, 'DELETE')
      else await ask('wechat/faults', 'POST', { fault: name })
      await look()
    }
    return make('button', { type: 'button', ariaPressed: String(ids.length > 0), title: say('armed'), onclick: toggle }, words)
  })

async function look() {
  const [story, { wallets }] = await Promise.all([ask('story'), ask('wechat/wallets')])
  const { exchanges, orders, faults, online, clock } = /** @type {Story} */ (story)
  showStory(byId('story'), exchanges, only)
  byId('nothing').hidden = byId('story').childElementCount > 0
  draw('orders', { orders, only }, () => ordersTable(orders))
  const choices = orderChoices(exchanges)
  draw('only', choices, () => [
    make('option', { value: '' }, say('everything')),
    ...choices.map((number) => make('option', { value: number }, number)),
  ])
  filter.value = only
  draw('faults', faults, () => faultButtons(faults))
  byId('network').ariaPressed = String(!online)
  byId('phone').classList.toggle('offline', !online)
  byId('time').textContent = new Date(clock.now).toTimeString().slice(0, 5)
  /** @type {{ name: string; change: number } | undefined} */
  const held = wallets.find((/** @type {{ name: string }} */ { name }) => name === person.value)
  byId('change').textContent = held ? `${say('change')} ${yuan(held.change)}` : ''
}

const lookSafely = () => look().catch(() => {})

/** @param {string} mark */
const buttonsWith = (mark) => [...document.querySelectorAll(`[data-${mark}]`)].filter((one) => one instanceof HTMLButtonElement)

export async function startPanel() {
  const network = byId('network')
  network.onclick = async () => {
    await ask('network', 'POST', { online: network.ariaPressed === 'true' })
    await lookSafely()
  }
  const restart = elementOf('restart', HTMLButtonElement)
  restart.onclick = async () => {
    restart.disabled = true
    await ask('restart', 'POST', {})
    restart.disabled = false
    byId('said').textContent = say('restarted')
    await lookSafely()
  }
  filter.onchange = () => {
    only = filter.value
    return lookSafely()
  }
  byId('clear').onclick = () => ask('clear', 'POST', {}).then(lookSafely)
  for (const one of buttonsWith('advance')) {
    const { advance } = one.dataset
    const change = () => (advance === 'now' ? { now: Date.now() } : { advance_ms: Number(advance) })
    one.onclick = () => ask('wechat/clock', 'POST', change()).then(lookSafely)
  }
  for (const one of buttonsWith('change')) {
    one.onclick = () => ask('wechat/wallets', 'POST', { name: person.value, change: Number(one.dataset.change) }).then(lookSafely)
  }
  await lookSafely()
  setInterval(lookSafely, LOOK_AGAIN_MS)
}

export { lookSafely as look }

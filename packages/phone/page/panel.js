// Beside the phone: the orders as the server knows them, the faults one may arm, the clock, the network, and who holds the phone.

import { ask, byId, make, yuan } from './dom.js'
import { showStory } from './story.js'
import { armable, say, spoken, stateName } from './words.js'

const LOOK_AGAIN_MS = 600

/** Draws only what changed, so that nothing is pulled away from a person's finger. */
const shown = new Map()
const draw = (id, facts, content) => {
  const key = spoken() + JSON.stringify(facts)
  if (shown.get(id) === key) return
  shown.set(id, key)
  byId(id).replaceChildren(...content())
}

/** The order whose lines the story shows; none shows all. */
let only = ''

const showOnly = (out_trade_no) => {
  only = out_trade_no === only ? '' : out_trade_no
  byId('only').value = only
  return lookSafely()
}

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

/** Every order that the story tells of, newest first. */
const orderChoices = (exchanges) => {
  const numbers = [...new Set(exchanges.flatMap(({ out_trade_no }) => out_trade_no ?? []))].reverse()
  // The chosen one stays a choice after the story was cleared.
  if (only && !numbers.includes(only)) numbers.push(only)
  return numbers
}

const ordersTable = (orders) => {
  if (orders === null) return [make('p', { className: 'empty' }, say('down'))]
  if (orders.length === 0) return [make('p', { className: 'empty' }, say('none'))]
  const head = ['number', 'goods', 'amount', 'state'].map((title) => make('th', { scope: 'col' }, say(title)))
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

const faultButtons = (armed) =>
  armable().map(([name, words]) => {
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
  const { exchanges, orders, faults, online, clock } = story
  showStory(byId('story'), exchanges, only)
  byId('nothing').hidden = byId('story').childElementCount > 0
  draw('orders', { orders, only }, () => ordersTable(orders))
  const choices = orderChoices(exchanges)
  draw('only', choices, () => [
    make('option', { value: '' }, say('everything')),
    ...choices.map((number) => make('option', { value: number }, number)),
  ])
  byId('only').value = only
  draw('faults', faults, () => faultButtons(faults))
  byId('network').ariaPressed = String(!online)
  byId('phone').classList.toggle('offline', !online)
  byId('time').textContent = new Date(clock.now).toTimeString().slice(0, 5)
  const held = wallets.find(({ name }) => name === byId('person').value)
  byId('change').textContent = held ? `${say('change')} ${yuan(held.change)}` : ''
}

const lookSafely = () => look().catch(() => {})

export async function startPanel() {
  byId('network').onclick = async ({ currentTarget }) => {
    await ask('network', 'POST', { online: currentTarget.ariaPressed === 'true' })
    await lookSafely()
  }
  byId('restart').onclick = async ({ currentTarget }) => {
    currentTarget.disabled = true
    await ask('restart', 'POST', {})
    currentTarget.disabled = false
    byId('said').textContent = say('restarted')
    await lookSafely()
  }
  byId('only').onchange = ({ currentTarget }) => {
    only = currentTarget.value
    return lookSafely()
  }
  byId('clear').onclick = () => ask('clear', 'POST', {}).then(lookSafely)
  for (const one of document.querySelectorAll('[data-advance]')) {
    const { advance } = one.dataset
    const change = () => (advance === 'now' ? { now: Date.now() } : { advance_ms: Number(advance) })
    one.onclick = () => ask('wechat/clock', 'POST', change()).then(lookSafely)
  }
  for (const one of document.querySelectorAll('[data-change]')) {
    one.onclick = () => ask('wechat/wallets', 'POST', { name: byId('person').value, change: Number(one.dataset.change) }).then(lookSafely)
  }
  await lookSafely()
  setInterval(lookSafely, LOOK_AGAIN_MS)
}

export { lookSafely as look }

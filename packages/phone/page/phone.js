// Brings the phone to life: the program in its frame, WeChat around it, the back key, and who holds it.

import { openCashier } from './cashier.js'
import { ask, byId, elementOf, make } from './dom.js'
import { look, startPanel } from './panel.js'
import { weixinFor } from './weixin.js'
import { speak, spoken } from './words.js'

const [{ appid, merchant_name }, { users }] = await Promise.all([ask('story'), ask('wechat/users')])
const program = elementOf('program', HTMLIFrameElement)
const person = elementOf('person', HTMLSelectElement)
/** @type {import('@cashdesk/emulator').Person[]} */
const people = users
/** @param {string} name */
const openidOf = (name) => people.find((user) => user.name === name)?.openids[appid]

/** @type {import('./cashier.js').Cashier | undefined} */
let cashier
/**
 * The payment under way, until the browser has gone back to before the cashier.
 *
 * @type {Promise<unknown>}
 */
let paying = Promise.resolve()
/** @type {(value?: unknown) => void} */
let wentBack = () => {}

/** @param {object} fields */
function pay(fields) {
  // A second one while the cashier is open is refused, as WeChat does (miniprogram-client-api §7).
  if (cashier) return Promise.resolve({ errMsg: 'requestPayment:fail 正在支付中' })
  const said = payAt(fields)
  paying = said
  return said
}

/**
 * The cashier is a page of its own for the back key.
 *
 * @param {object} fields
 */
async function payAt(fields) {
  history.pushState({ cashier: true }, '')
  cashier = openCashier(byId('cashier'), { ...fields, appId: appid, openid: openidOf(person.value) }, merchant_name)
  const said = await cashier.ended
  cashier = undefined
  if (history.state?.cashier) {
    const gone = new Promise((resolve) => {
      wentBack = resolve
    })
    history.back()
    await gone
  }
  return said
}

addEventListener('popstate', () => {
  wentBack()
  if (!history.state?.cashier) cashier?.back()
})

/**
 * Leaves no trace in the browser's history: opening a program is no page to go back from.
 *
 * @param {string} address
 */
async function show(address) {
  cashier?.abandon()
  await paying
  program.hidden = true
  program.contentWindow?.location.replace(address)
}
program.onload = () => {
  program.hidden = program.contentWindow?.location.href === 'about:blank'
}

function enter() {
  byId('desk').hidden = true
  return show(new URL('program/', location.href).href)
}

/** The person closes the program, whatever it was doing. */
function leave() {
  byId('desk').hidden = false
  return show('about:blank')
}

/**
 * Each person's phone has its own storage.
 *
 * @param {string} from
 * @param {string} to
 */
function handOver(from, to) {
  /** @type {Record<string, Record<string, string>>} */
  const bags = JSON.parse(localStorage.getItem('phone.bags') ?? '{}')
  const own = Object.entries(localStorage).filter(([key]) => !key.startsWith('phone.'))
  bags[from] = Object.fromEntries(own)
  for (const [key] of own) localStorage.removeItem(key)
  for (const [key, value] of Object.entries(bags[to] ?? {})) localStorage.setItem(key, value)
  localStorage.setItem('phone.bags', JSON.stringify(bags))
  localStorage.setItem('phone.person', to)
}

// The program's own page finds it there: see wx.js.
Object.assign(window, { weixin: weixinFor({ appid, openid: () => openidOf(person.value), pay }) })

person.replaceChildren(...people.map(({ name }) => make('option', { value: name }, name)))
const first = people[0]?.name ?? ''
let holder = localStorage.getItem('phone.person') ?? first
if (openidOf(holder) === undefined) holder = first
person.value = holder
person.onchange = async () => {
  await leave()
  handOver(holder, person.value)
  holder = person.value
  await Promise.all([enter(), look()])
}

const language = () => {
  byId('language').textContent = spoken() === 'zh' ? 'English' : '中文'
  person.ariaLabel = spoken() === 'zh' ? '当前用户' : 'Who holds the phone'
}
byId('language').onclick = () => {
  speak(spoken() === 'zh' ? 'en' : 'zh')
  localStorage.setItem('phone.language', spoken())
  language()
  look()
}
speak(localStorage.getItem('phone.language') ?? (/^zh/i.test(navigator.language) ? 'zh' : navigator.language ? 'en' : 'zh'))
language()

byId('leave').onclick = leave
byId('kill').onclick = () => Promise.all([leave(), ask('killed', 'POST', {})])
byId('enter').textContent = merchant_name
byId('enter').onclick = enter
// A reload while the cashier was open left its page behind.
if (history.state?.cashier) history.replaceState(null, '')
await enter()
await startPanel()

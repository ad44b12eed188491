// Brings the phone to life: the program in its frame, WeChat around it, the back key, and who holds it.

import { openCashier } from './cashier.js'
import { ask, byId, make } from './dom.js'
import { look, startPanel } from './panel.js'
import { weixinFor } from './weixin.js'
import { speak, spoken } from './words.js'

const [{ appid, merchant_name }, { users }] = await Promise.all([ask('story'), ask('wechat/users')])
const program = byId('program')
const person = byId('person')
const openidOf = (name) => users.find((user) => user.name === name)?.openids[appid]

let cashier
/** The payment under way, until the browser has gone back to before the cashier. */
let paying = Promise.resolve()
let wentBack = () => {}

function pay(fields) {
  // A second one while the cashier is open is refused, as WeChat does (miniprogram-client-api §7).
  if (cashier) return Promise.resolve({ errMsg: 'requestPayment:fail 正在支付中' })
  const said = payAt(fields)
  paying = said
  return said
}

/** The cashier is a page of its own for the back key. */
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

/** Leaves no trace in the browser's history: opening a program is no page to go back from. */
async function show(address) {
  cashier?.abandon()
  await paying
  program.hidden = true
  program.contentWindow.location.replace(address)
}
program.onload = () => {
  program.hidden = program.contentWindow.location.href === 'about:blank'
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

/** Each person's phone has its own storage. */
function handOver(from, to) {
  const bags = JSON.parse(localStorage.getItem('phone.bags') ?? '{}')
  const own = Object.entries(localStorage).filter(([key]) => !key.startsWith('phone.'))
  bags[from] = Object.fromEntries(own)
  for (const [key] of own) localStorage.removeItem(key)
  for (const [key, value] of Object.entries(bags[to] ?? {})) localStorage.setItem(key, value)
  localStorage.setItem('phone.bags', JSON.stringify(bags))
  localStorage.setItem('phone.person', to)
}

window.weixin = weixinFor({ appid, openid: () => openidOf(person.value), pay })

person.replaceChildren(...users.map(({ name }) => make('option', { value: name }, name)))
let holder = localStorage.getItem('phone.person') ?? users[0].name
if (openidOf(holder) === undefined) holder = users[0].name
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

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
/** The cashier is a page of its own for the back key. Resolves when the browser has gone back to before it. */
let leftHistory = () => {}

async function pay(fields) {
  // A second one while the cashier is open is refused, as WeChat does (miniprogram-client-api §7).
  if (cashier) return { errMsg: 'requestPayment:fail 正在支付中' }
  history.pushState({ cashier: true }, '')
  const opened = openCashier(byId('cashier'), { ...fields, appId: appid, openid: openidOf(person.value) }, merchant_name)
  cashier = opened
  const said = await opened.ended
  cashier = undefined
  if (history.state?.cashier) {
    const gone = new Promise((resolve) => {
      leftHistory = resolve
    })
    history.back()
    await gone
  }
  return said
}

addEventListener('popstate', () => {
  leftHistory()
  if (!history.state?.cashier) cashier?.back()
})

function enter() {
  byId('desk').hidden = true
  program.src = 'program/'
}

/** The person closes the program, whatever it was doing. */
function leave() {
  cashier?.abandon()
  program.src = 'about:blank'
  byId('desk').hidden = false
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
person.onchange = () => {
  cashier?.abandon()
  handOver(holder, person.value)
  holder = person.value
  enter()
  look()
}

const language = () => {
  byId('language').textContent = spoken() === 'zh' ? 'English' : '中文'
  person.ariaLabel = spoken() === 'zh' ? '谁拿着手机' : 'Who holds the phone'
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
byId('enter').textContent = merchant_name
byId('enter').onclick = enter
// A reload while the cashier was open left its page behind.
if (history.state?.cashier) history.replaceState(null, '')
enter()
await startPanel()

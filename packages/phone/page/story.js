// The story: each exchange as one line in words, with the bytes behind it for whoever wants them. Newest first.

import { make } from './dom.js'
import { either, faultName, isUntrue, markTold, partyName, say, spoken, wordsOf } from './words.js'

/**
 * @typedef {import('@cashdesk/phone').Told} Told
 * @typedef {import('@cashdesk/phone').Mark} Mark
 */

/**
 * id → what was drawn, so that an open fold and the focus stay where they are.
 *
 * @type {Map<Told['id'], { content: string; line: HTMLLIElement }>}
 */
const drawn = new Map()

/**
 * @param {HTMLElement} place
 * @param {(Told | Mark)[]} story
 * @param {string} only the one order whose lines are wanted; none for all
 */
export function showStory(place, story, only) {
  const exchanges = only ? story.filter((one) => 'out_trade_no' in one && one.out_trade_no === only) : story
  const wanted = new Set(exchanges.map(({ id }) => id))
  for (const [id, { line }] of drawn) {
    if (wanted.has(id)) continue
    line.remove()
    drawn.delete(id)
  }
  // The older one is below. A line that is where it belongs is not touched.
  /** @type {HTMLLIElement | null} */
  let below = null
  for (const exchange of exchanges) {
    const line = drawnLine(exchange)
    if (line.parentNode !== place || line.nextSibling !== below) place.insertBefore(line, below)
    below = line
  }
}

/**
 * The line as it was drawn last, or drawn anew when there is more to say.
 *
 * @param {Told | Mark} exchange
 */
function drawnLine(exchange) {
  const content = spoken() + JSON.stringify(exchange)
  const before = drawn.get(exchange.id)
  if (before?.content === content) return before.line
  const line = 'mark' in exchange ? markLine(exchange) : lineOf(exchange, before?.line.querySelector('details')?.open ?? false)
  before?.line.replaceWith(line)
  drawn.set(exchange.id, { content, line })
  return line
}

/** @param {number} at */
const timeOf = (at) => make('time', {}, new Date(at).toTimeString().slice(0, 8))

/** @param {Mark} mark */
function markLine(mark) {
  return make('li', { className: 'mark' }, timeOf(mark.at), make('span', {}, markTold(mark)))
}

/**
 * @param {Told} exchange
 * @param {boolean} open
 */
function lineOf(exchange, open) {
  const { from, to, method, path, at } = exchange
  const [purpose, wrong] = wordsOf(exchange)
  /** @param {Told['from']} name */
  const party = (name) => make('span', { className: `party party-${name}` }, partyName(name))
  const summary = make(
    'summary',
    {},
    timeOf(at),
    make('span', { className: 'way' }, party(from), ' → ', party(to)),
    make('span', {}, purpose, wrong && make('span', { className: 'wrong' }, wrong), make('code', {}, `${method} ${path}`)),
    make('span', { className: 'verdicts' }, ...verdicts(exchange)),
  )
  const details = make('details', { open }, summary, open && facts(exchange))
  // Hundreds of lines stay folded: their bytes are drawn for whoever opens one.
  details.ontoggle = () => {
    if (details.open && details.childElementCount === 1) details.append(facts(exchange))
  }
  return make('li', {}, details)
}

/**
 * Green is what was verified, red what was refused, unheard or not to be believed, yellow what was only delayed or repeated.
 *
 * @param {Told} exchange
 */
function verdicts({ from, status, error, verdict, answer_signed, fault, unsent }) {
  /** @param {string | number} text */
  const chip = (text, tone = '') => make('span', { className: `chip ${tone}` }, text)
  const good = status !== undefined && status >= 200 && status < 300
  const untrue = isUntrue(fault)
  const heard = good ? (untrue ? chip(say('believed'), 'bad') : chip(say('verified'), 'good')) : chip(say('rejected'), 'bad')
  return [
    verdict === 'accepted' && chip(say('signed'), 'good'),
    verdict === 'refused' && chip(say('refused'), 'bad'),
    fault && chip(faultName(fault), untrue ? 'bad' : 'warn'),
    answer_signed && !untrue && error === undefined && chip(say('answerSigned'), 'good'),
    from === 'wechat' && status !== undefined && heard,
    !unsent && (error !== undefined ? chip(say('noAnswer'), 'bad') : chip(status ?? '…', status === undefined || good ? '' : 'bad')),
  ].filter((one) => one instanceof HTMLElement)
}

/** @param {Told} exchange */
function facts({ request, answer, canonical, resource, explanation, error, ms }) {
  const rows = /** @type {[title: string, text: string | undefined][]} */ ([
    [say('request'), request && pretty(request)],
    [say('canonical'), canonical],
    [say('sealed'), resource ? JSON.stringify(resource, null, 2) : undefined],
    [`${say('answer')}${ms === undefined ? '' : ` (${ms} ms)`}`, answer && pretty(answer)],
    [say('why'), error ?? (explanation && either(explanation))],
  ])
  return make(
    'dl',
    {},
    ...rows.filter(([, text]) => text).flatMap(([title, text]) => [make('dt', {}, title), make('dd', {}, make('pre', {}, text))]),
  )
}

/** @param {string} text */
function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

// The story: each exchange as one line in words, with the bytes behind it for whoever wants them. Newest first.

import { make } from './dom.js'
import { either, faultName, isUntrue, markTold, partyName, say, spoken, wordsOf } from './words.js'

/** id → what was drawn, so that an open fold and the focus stay where they are. */
const drawn = new Map()

/** `only`: the one order whose lines are wanted. */
export function showStory(place, story, only) {
  const exchanges = only ? story.filter(({ out_trade_no }) => out_trade_no === only) : story
  const wanted = new Set(exchanges.map(({ id }) => id))
  for (const [id, { line }] of drawn) {
    if (wanted.has(id)) continue
    line.remove()
    drawn.delete(id)
  }
  // The older one is below. A line that is where it belongs is not touched.
  let below = null
  for (const exchange of exchanges) {
    const line = drawnLine(exchange)
    if (line.parentNode !== place || line.nextSibling !== below) place.insertBefore(line, below)
    below = line
  }
}

/** The line as it was drawn last, or drawn anew when there is more to say. */
function drawnLine(exchange) {
  const content = spoken() + JSON.stringify(exchange)
  const before = drawn.get(exchange.id)
  if (before?.content === content) return before.line
  const line = exchange.mark ? markLine(exchange) : lineOf(exchange, before?.line.querySelector('details')?.open ?? false)
  before?.line.replaceWith(line)
  drawn.set(exchange.id, { content, line })
  return line
}

const timeOf = (at) => make('time', {}, new Date(at).toTimeString().slice(0, 8))

function markLine(mark) {
  return make('li', { className: 'mark' }, timeOf(mark.at), make('span', {}, markTold(mark)))
}

function lineOf(exchange, open) {
  const { from, to, method, path, at } = exchange
  const [purpose, wrong] = wordsOf(exchange)
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
  details.ontoggle = () => details.open && details.childElementCount === 1 && details.append(facts(exchange))
  return make('li', {}, details)
}

/** Green is what was verified, red what was refused, unheard or not to be believed, yellow what was only delayed or repeated. */
function verdicts({ from, status, error, verdict, answer_signed, fault, unsent }) {
  const chip = (text, tone = '') => make('span', { className: `chip ${tone}` }, text)
  const good = status >= 200 && status < 300
  const untrue = isUntrue(fault)
  const heard = good ? (untrue ? chip(say('believed'), 'bad') : chip(say('verified'), 'good')) : chip(say('rejected'), 'bad')
  return [
    verdict === 'accepted' && chip(say('signed'), 'good'),
    verdict === 'refused' && chip(say('refused'), 'bad'),
    fault && chip(faultName(fault), untrue ? 'bad' : 'warn'),
    answer_signed && !untrue && error === undefined && chip(say('answerSigned'), 'good'),
    from === 'wechat' && status !== undefined && heard,
    !unsent && (error !== undefined ? chip(say('noAnswer'), 'bad') : chip(status ?? '…', status === undefined || good ? '' : 'bad')),
  ].filter(Boolean)
}

function facts({ request, answer, canonical, resource, explanation, error, ms }) {
  const rows = [
    [say('request'), request && pretty(request)],
    [say('canonical'), canonical],
    [say('sealed'), resource && JSON.stringify(resource, null, 2)],
    [`${say('answer')}${ms === undefined ? '' : ` (${ms} ms)`}`, answer && pretty(answer)],
    [say('why'), error ?? (explanation && either(explanation))],
  ]
  return make(
    'dl',
    {},
    ...rows.filter(([, text]) => text).flatMap(([title, text]) => [make('dt', {}, title), make('dd', {}, make('pre', {}, text))]),
  )
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

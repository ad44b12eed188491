// The story: each exchange as one line in words, with the bytes behind it for whoever wants them. Newest first.

import { make } from './dom.js'
import { either, faultName, meaning, partyName, say, spoken } from './words.js'

/** id → what was drawn, so that an open fold and the focus stay where they are. */
const drawn = new Map()

export function showStory(place, exchanges) {
  const wanted = new Set(exchanges.map(({ id }) => id))
  for (const [id, { line }] of drawn) {
    if (wanted.has(id)) continue
    line.remove()
    drawn.delete(id)
  }
  for (const exchange of exchanges) {
    const content = spoken() + JSON.stringify(exchange)
    const before = drawn.get(exchange.id)
    if (before?.content === content) continue
    const line = lineOf(exchange, before?.line.querySelector('details')?.open ?? false)
    if (before) before.line.replaceWith(line)
    else place.prepend(line)
    drawn.set(exchange.id, { content, line })
  }
}

function lineOf(exchange, open) {
  const { from, to, method, path, at } = exchange
  const party = (name) => make('span', { className: `party party-${name}` }, partyName(name))
  return make(
    'li',
    {},
    make(
      'details',
      { open },
      make(
        'summary',
        {},
        make('time', {}, new Date(at).toTimeString().slice(0, 8)),
        make('span', { className: 'way' }, party(from), ' → ', party(to)),
        make('span', {}, meaning(exchange), make('code', {}, `${method} ${path}`)),
        make('span', { className: 'verdicts' }, ...verdicts(exchange)),
      ),
      facts(exchange),
    ),
  )
}

function verdicts({ from, status, error, verdict, answer_signed, fault, lost }) {
  const chip = (text, tone = '') => make('span', { className: `chip ${tone}` }, text)
  const good = status >= 200 && status < 300
  return [
    fault && chip(faultName(fault), 'warn'),
    verdict === 'accepted' && chip(say('signed'), 'good'),
    verdict === 'refused' && chip(say('refused'), 'bad'),
    answer_signed && chip(say('answerSigned'), 'good'),
    from === 'wechat' && status !== undefined && chip(say(good ? 'verified' : 'rejected'), good ? 'good' : 'bad'),
    !lost && (error !== undefined ? chip(say('noAnswer'), 'bad') : chip(status ?? '…', status === undefined || good ? '' : 'bad')),
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

// The completion script for zsh.

import type { Say } from '../command/language.ts'
import { type Offer, type OfferedOption, type Place, valueOptions } from './tree.ts'

export function zshScript(places: readonly Place[], say: Say): string {
  const paths = places.filter(({ path }) => path !== '').map(({ path }) => `"${path}"`)
  return `#compdef cashdesk
# zsh completion for cashdesk: source <(cashdesk completion zsh), after compinit
_cashdesk() {
  local cpath="" word i
  local -a offers
  for ((i = 2; i < CURRENT; i++)); do
    word="\${words[i]}"
    case "$word" in (${valueOptions(places).join('|')}) ((i++)); continue ;; esac
    case "\${cpath:+$cpath }$word" in (${paths.join('|')}) cpath="\${cpath:+$cpath }$word" ;; esac
  done
  case "$cpath" in
${places.map((one) => place(one, say)).join('\n')}
  esac
}
compdef _cashdesk cashdesk
`
}

function place({ path, commands, options, file }: Place, say: Say): string {
  const values = options.flatMap(({ word, value }) => (value === undefined ? [] : [`        (${word}) ${reply(value)}; return ;;`]))
  return `    ("${path}")
      case "\${words[CURRENT-1]}" in
${values.join('\n')}
      esac
      offers=(${[...commands, ...options].map((offer) => described(offer, say)).join(' ')})
      _describe cashdesk offers${file ? '\n      _files' : ''} ;;`
}

function described({ word, text }: Offer, say: Say): string {
  return quoted(`${word}:${say(text)}`)
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

function reply(value: NonNullable<OfferedOption['value']>): string {
  if ('words' in value) return value.words.length === 0 ? ':' : `compadd -- ${value.words.join(' ')}`
  return value.completes === 'file' ? '_files' : '_files -/'
}

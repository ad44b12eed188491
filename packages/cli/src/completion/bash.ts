// The completion script for bash 3.2 and newer: no bash-completion package is needed.

import { type OfferedOption, type Place, valueOptions } from './tree.ts'

export function bashScript(places: readonly Place[]): string {
  const paths = places.filter(({ path }) => path !== '').map(({ path }) => `"${path}"`)
  return `# bash completion for cashdesk: source <(cashdesk completion bash)
_cashdesk() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" path="" word i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    case "$word" in ${valueOptions(places).join('|')}) i=$((i + 1)); continue ;; esac
    case "\${path:+$path }$word" in ${paths.join('|')}) path="\${path:+$path }$word" ;; esac
  done
  case "$path" in
${places.map(place).join('\n')}
  esac
}
complete -F _cashdesk cashdesk
`
}

function place({ path, commands, options, file }: Place): string {
  const words = [...commands, ...options].map(({ word }) => word).join(' ')
  const values = options.flatMap(({ word, value }) => (value === undefined ? [] : [`        ${word}) ${reply(value)}; return ;;`]))
  const otherwise = file
    ? `case "$cur" in -*) ${reply({ words: [words] })} ;; *) ${reply({ completes: 'file' })} ;; esac`
    : reply({ words: [words] })
  return `    "${path}")
      case "$prev" in
${values.join('\n')}
      esac
      ${otherwise} ;;`
}

/** One candidate per line, so that a file name with a space stays one word. */
function reply(value: NonNullable<OfferedOption['value']>): string {
  if ('words' in value) return value.words.length === 0 ? ':' : `COMPREPLY=($(compgen -W "${value.words.join(' ')}" -- "$cur"))`
  const flag = value.completes === 'file' ? '-f' : '-d'
  return `compopt -o filenames 2>/dev/null; while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen ${flag} -- "$cur")`
}

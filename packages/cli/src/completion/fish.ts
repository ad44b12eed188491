// The completion script for fish.

import type { Say } from '../command/language.ts'
import { type Offer, type OfferedOption, type Place, valueOptions } from './tree.ts'

export function fishScript(places: readonly Place[], say: Say): string {
  const paths = places.filter(({ path }) => path !== '').map(({ path }) => `'${path}'`)
  return `# fish completion for cashdesk: cashdesk completion fish | source
function __cashdesk_path
  set -l path ''
  set -l skip no
  for word in (commandline -opc)[2..-1]
    if test $skip = yes
      set skip no
      continue
    end
    switch $word
      case ${valueOptions(places).join(' ')}
        set skip yes
    end
    set -l longer (string trim -- "$path $word")
    switch "$longer"
      case ${paths.join(' ')}
        set path $longer
    end
  end
  echo $path
end
function __cashdesk_at
  test "$argv[1]" = (__cashdesk_path)
end
complete -c cashdesk -f
${places.flatMap((one) => lines(one, say)).join('\n')}
`
}

function lines({ path, commands, options, file }: Place, say: Say): string[] {
  const at = `complete -c cashdesk -n "__cashdesk_at '${path}'"`
  const describe = ({ text }: Offer): string => `-d ${quoted(say(text))}`
  return [
    ...commands.map((one) => `${at} -a ${one.word} ${describe(one)}`),
    ...options.map((one) => `${at} -l ${one.word.slice(2)}${reply(one.value)} ${describe(one)}`),
    ...(file ? [`${at} -F`] : []),
  ]
}

function reply(value: OfferedOption['value']): string {
  if (value === undefined) return ''
  if ('words' in value) return value.words.length === 0 ? ' -x' : ` -x -a ${quoted(value.words.join(' '))}`
  return value.completes === 'file' ? ' -rF' : ` -x -a '(__fish_complete_directories)'`
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

// `cashdesk completion`: prints a script that completes the commands and options in a shell.

import { type Command, command } from '../command/declaration.ts'
import { bashScript } from '../completion/bash.ts'
import { fishScript } from '../completion/fish.ts'
import { places } from '../completion/tree.ts'
import { zshScript } from '../completion/zsh.ts'
import { UsageError } from '../usage-error.ts'

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const

export const completion: Command = command({
  name: 'completion',
  text: { en: 'print a completion script for a shell', zh: '输出命令行补全脚本' },
  options: {},
  arguments: { SHELL: { required: true, text: { en: 'bash, zsh or fish', zh: 'bash、zsh 或 fish' } } },
  examples: [
    { line: 'source <(cashdesk completion bash)', text: { en: 'in ~/.bashrc', zh: '写入 ~/.bashrc' } },
    { line: 'source <(cashdesk completion zsh)', text: { en: 'in ~/.zshrc, after compinit', zh: '写入 ~/.zshrc，置于 compinit 之后' } },
    { line: 'cashdesk completion fish | source', text: { en: 'in ~/.config/fish/config.fish', zh: '写入 ~/.config/fish/config.fish' } },
  ],
  exit: {},

  async run(_, { SHELL: shell }, { say, commands }) {
    if (shell !== 'bash' && shell !== 'zsh' && shell !== 'fish')
      throw new UsageError({
        en: `There is no completion for ${shell}; there is one for bash, zsh and fish.`,
        zh: `不支持 ${shell}，可选 bash、zsh、fish。`,
      })
    console.log(SCRIPTS[shell](places(await commands()), say).trimEnd())
    return 0
  },
})

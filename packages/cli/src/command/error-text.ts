// The text printed when a command fails: the error's message, in one language if the locale names one.

import type { Language, Say, Text } from './language.ts'

export function errorText(error: unknown, say: Say): string {
  if (!(error instanceof Error)) return String(error)
  const known = systemText(error)
  return known === undefined ? inLanguage(error.message, say.language) : say(known, '\n')
}

/**
 * Messages of the other packages hold both languages: each English line is followed by its Chinese one, or a line reads `English · Chinese`.
 * Any other message has one language and is printed whole.
 */
export function inLanguage(message: string, language: Language): string {
  if (language === 'both') return message
  const lines = message.split('\n')
  const [english, chinese] = [lines.filter((_, i) => i % 2 === 0), lines.filter((_, i) => i % 2 === 1)]
  if (chinese.length === english.length && chinese.every((line) => HAN.test(line) && !LISTED.test(line)))
    return (language === 'zh' ? chinese : english).join('\n')
  return lines.map((line) => lineIn(line, language)).join('\n')
}

const HAN = /\p{Script=Han}/u
const LISTED = /^(\s*- .*?: )?(.*?) · (.*)$/
const CONFIG = /^The configuration (.*) cannot be used:$/

function lineIn(line: string, language: 'en' | 'zh'): string {
  const [, file] = CONFIG.exec(line) ?? []
  if (file !== undefined && language === 'zh') return `配置文件 ${file} 无法使用：`
  const [, place = '', en = '', zh = ''] = LISTED.exec(line) ?? []
  if (!HAN.test(zh) || HAN.test(en)) return line
  return place + (language === 'zh' ? zh : en)
}

/** A text for errors of the operating system, whose own message names neither the setting at fault nor the fix. */
function systemText(error: Error): Text | undefined {
  const { code, address, port, path } = details(error)
  const cause = error.cause instanceof Error ? error.cause.message : ''
  const where = port === undefined ? '' : ` ${address ?? '127.0.0.1'}:${port}`
  switch (code) {
    case 'EADDRINUSE':
      return {
        en: `Another program listens on${where} (EADDRINUSE). Stop it, or choose another port; 0 picks a free one.`,
        zh: `端口已被占用：${where.trim()}（EADDRINUSE）。请停止占用它的程序，或换一个端口；0 表示自动选择空闲端口。`,
      }
    case 'EEXIST':
      return { en: `${path} exists already (EEXIST). Choose another name.`, zh: `${path} 已存在（EEXIST），请换一个名称。` }
    case 'ENOENT':
      return path === undefined
        ? undefined
        : { en: `There is no ${path} (ENOENT). Check the path.`, zh: `找不到 ${path}（ENOENT），请检查路径。` }
    case 'EACCES':
      return path === undefined
        ? undefined
        : { en: `Permission denied: ${path} (EACCES). Check owner and mode.`, zh: `没有权限：${path}（EACCES），请检查属主与权限。` }
    case 'ECONNREFUSED':
      return {
        en: `Nothing listens on${where} (ECONNREFUSED). Start the server, or check the address.`,
        zh: `无法连接${where}（ECONNREFUSED）。请先启动服务，或检查地址。`,
      }
    case 'ENOTFOUND':
      return { en: `The host name is not known: ${error.message} (ENOTFOUND).`, zh: `主机名无法解析：${error.message}（ENOTFOUND）。` }
    default:
      return error.message === 'fetch failed'
        ? { en: `The server cannot be reached: ${cause}. Check the address.`, zh: `无法连接服务：${cause}。请检查地址。` }
        : undefined
  }
}

interface Details {
  code?: string
  address?: string
  port?: number
  path?: string
}

/** `fetch` hides the socket's error in `cause`. Only system errors have `syscall`; Node documents their other fields. */
function details(error: Error): Details {
  for (const one of [error, error.cause]) if (one instanceof Error && 'syscall' in one) return one as Details
  return {}
}

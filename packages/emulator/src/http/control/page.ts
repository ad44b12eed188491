// /_emulator/: the page that shows this WeChat at work, in Chinese and English. Its files are in page/ and are served as they are.

import { readFileSync } from 'node:fs'
import { ControlError } from './control-error.ts'

const FOLDER = new URL('../../../page/', import.meta.url)
const TYPES: Readonly<Record<string, string>> = {
  'index.html': 'text/html; charset=utf-8',
  'page.css': 'text/css; charset=utf-8',
  'page.js': 'text/javascript; charset=utf-8',
  'settings.js': 'text/javascript; charset=utf-8',
}

const HEADERS = {
  'Cache-Control': 'no-store',
  // The page shows texts that merchants and users wrote. The policy keeps such a text from running as a script.
  'Content-Security-Policy': "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:",
}

export function page(name = 'index.html'): Response {
  const type = TYPES[name]
  if (type === undefined) throw new ControlError(404, 'ROUTE_UNKNOWN', 'The page has no such file.', '页面没有这个文件。')
  return new Response(readFileSync(new URL(name, FOLDER)), { headers: { 'Content-Type': type, ...HEADERS } })
}

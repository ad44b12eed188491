// The files for the browser: the phone's own page, and the program that runs on it.

import { readFileSync } from 'node:fs'
import { extname, join, normalize, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const PAGE = fileURLToPath(new URL('../page/', import.meta.url))

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
}

/** The page shows texts that merchants and users wrote. The policy keeps such a text from running as a script. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; frame-src 'self'; frame-ancestors 'none'"

/** A file of the phone's own page. */
export function pageFile(name: string): Response | undefined {
  return fileOf(PAGE, name, { 'Content-Security-Policy': POLICY })
}

/** A file of the program. Its HTML page loads `wx` before its first script. */
export function programFile(folder: string, name: string): Response | undefined {
  if (name !== '' && name !== 'index.html') return fileOf(folder, name)
  const html = read(folder, 'index.html')?.toString('utf8')
  if (html === undefined) return undefined
  const given = html.replace(/<head[^>]*>/i, (head) => `${head}<script src="../assets/wx.js"></script>`)
  return new Response(given, { headers: headersOf('index.html') })
}

function fileOf(folder: string, name: string, more: Record<string, string> = {}): Response | undefined {
  const content = read(folder, name)
  return content && new Response(new Uint8Array(content), { headers: { ...headersOf(name), ...more } })
}

function headersOf(name: string): Record<string, string> {
  return {
    'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  }
}

/** Reads a file of the folder. A name that leads outside of it finds nothing. */
function read(folder: string, name: string): Buffer | undefined {
  const path = normalize(join(folder, name))
  if (!path.startsWith(normalize(folder + sep))) return undefined
  try {
    return readFileSync(path)
  } catch {
    return undefined
  }
}

// The API reference on one page: plain HTML made from the OpenAPI document, without a script.

import type { OpenApiDocument, Operation } from '@cashdesk/contract'

export function docsPage({ info, paths, components }: OpenApiDocument): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${text(info.title)} API</title><style>${STYLE}</style></head><body>
<header><h1>${text(info.title)} <small>API ${text(info.version)}</small></h1>${paragraphs(info.description)}
<p><a href="openapi.json">openapi.json</a></p></header>
<nav aria-label="Routes 接口"><ul>${operations.map(link).join('')}</ul></nav>
<main>${operations.map(section).join('\n')}
<h2 id="schemas">Schemas 结构</h2>
${Object.entries(components.schemas)
  .map(([name, schema]) => `<section id="${text(name)}"><h3>${text(name)}</h3>${code(schema)}</section>`)
  .join('\n')}
</main></body></html>
`
}

interface Entry {
  path: string
  method: string
  operation: Operation
}

function link({ path, method, operation }: Entry): string {
  return `<li><a href="#${operation.operationId}"><b>${method.toUpperCase()}</b> ${text(path)}</a></li>`
}

function section({ path, method, operation }: Entry): string {
  const { operationId, summary, description, parameters, requestBody, responses } = operation
  const rows = parameters.map(
    (one) =>
      `<tr><td><code>${text(one.name)}</code></td><td>${one.in}</td><td>${text(one.description ?? '')}</td><td>${code(one.schema)}</td></tr>`,
  )
  return `<section id="${operationId}"><h2><b>${method.toUpperCase()}</b> <code>${text(path)}</code></h2>
<p>${text(summary)}</p>${paragraphs(description)}
${rows.length > 0 ? `<table><tbody>${rows.join('')}</tbody></table>` : ''}
${requestBody ? `<h3>Body 请求体</h3>${code(requestBody.content['application/json'].schema)}` : ''}
<h3>Answers 应答</h3>${Object.entries(responses).map(answer).join('')}</section>`
}

function answer([status, response]: [string, Readonly<Record<string, unknown>>]): string {
  const content = response['content'] as Record<string, { schema: unknown }> | undefined
  const schema = Object.values(content ?? {})[0]?.schema
  const shown = status.startsWith('2') && schema !== undefined ? code(schema) : ''
  return `<details${status.startsWith('2') ? ' open' : ''}><summary>${status}</summary>${paragraphs(String(response['description']))}${shown}</details>`
}

/** JSON in which each reference is a link to its schema. */
function code(value: unknown): string {
  const json = text(JSON.stringify(value, null, 2))
  return `<pre>${json.replaceAll(/#\/components\/schemas\/([A-Za-z]+)/g, '<a href="#$1">#/components/schemas/$1</a>')}</pre>`
}

function paragraphs(words: string): string {
  return words
    .split('\n\n')
    .map((one) => `<p>${text(one).replaceAll(/`([^`]+)`/g, '<code>$1</code>')}</p>`)
    .join('')
}

function text(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

const STYLE = `:root{color-scheme:light dark;--line:#8884;--key:#07943f}
@media (prefers-color-scheme:dark){:root{--key:#4fce85}}
body{font:15px/1.6 system-ui,"PingFang SC","Noto Sans SC",sans-serif;margin:0 auto;max-width:60rem;padding:1rem}
h1 small{font-weight:400;font-size:1rem}h2{border-top:1px solid var(--line);padding-top:1.2rem;margin-top:2rem;font-size:1.15rem}
h2 b,nav b{color:var(--key);display:inline-block;min-width:4.5em}h3{font-size:1rem;margin:1rem 0 .3rem}
nav ul{columns:2 22rem;list-style:none;padding:0}nav a{text-decoration:none}
pre{overflow:auto;max-height:22rem;padding:.6rem;border:1px solid var(--line);border-radius:6px;font-size:13px;margin:.3rem 0}
table{border-collapse:collapse;width:100%}td{border-top:1px solid var(--line);padding:.3rem .6rem .3rem 0;vertical-align:top}
details{margin:.2rem 0}summary{cursor:pointer;font-weight:600}a{color:inherit}`

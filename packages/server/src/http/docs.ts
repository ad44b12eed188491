// /openapi.json for programs, /docs for people. Both are made from the contract, need no network and show nothing that is not in the public sources.

import { type OpenApiDocument, openapi } from '@cashdesk/contract'
import { Hono } from 'hono'
import { VERSION } from '../version.ts'
import { docsPage } from './docs-page.ts'

/** The page needs no script and loads nothing, so the policy forbids both. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

export function docsRoutes(): Hono {
  const routes = new Hono()
  let made: { document: OpenApiDocument; page: string } | undefined
  const docs = () => {
    made ??= make()
    return made
  }
  routes.get('/openapi.json', (c) => c.json(docs().document))
  routes.get('/docs', (c) => c.html(docs().page, 200, { 'content-security-policy': POLICY, 'x-content-type-options': 'nosniff' }))
  return routes
}

function make(): { document: OpenApiDocument; page: string } {
  const document = openapi(VERSION)
  return { document, page: docsPage(document) }
}

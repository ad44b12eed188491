// /openapi.json for machines, /docs for people. Both come from the contract, need no network and show nothing that the sources do not.

import { type OpenApiDocument, openapi } from '@cashdesk/contract'
import { Hono } from 'hono'
import { VERSION } from '../version.ts'
import { docsPage } from './docs-page.ts'

/** The page runs nothing and loads nothing. */
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

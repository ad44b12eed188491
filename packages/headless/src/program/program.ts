// The globals App, Page, Component and Behavior, and what the program registers with them.

import { componentDefinition, type Declared, type Definition, isMethod, pageDefinition, record } from '../pages/definition.ts'
import type { Stack } from '../pages/stack.ts'
import type { Launch } from '../wx/device.ts'
import type { Modules } from './modules.ts'
import type { Realm } from './realm.ts'

export interface Program {
  /** Runs app.js, then calls onLaunch and onShow. */
  launch(launch: Launch): void
  /** The declaration of a page. Its file runs when the page is first opened. */
  definition(route: string): Definition
  /** Calls a method of App({…}), if there is one. */
  tellApp(method: string, ...values: unknown[]): void
}

export interface ProgramOptions {
  realm: Realm
  modules: Modules
  stack(): Stack
  onError(error: unknown): void
}

export function programIn({ realm, modules, stack, onError }: ProgramOptions): Program {
  let app: Record<string, unknown> | undefined
  let registered: Definition | undefined
  const definitions = new Map<string, Definition>()

  Object.assign(realm.globals, {
    App: (declared: Declared) => {
      app = Object.assign(realm.object(), declared)
    },
    Page: (declared: Declared) => {
      registered = pageDefinition(declared)
    },
    Component: (declared: Declared) => {
      registered = componentDefinition(declared)
    },
    Behavior: (declared: Declared) => declared,
    getApp: (options?: unknown) => app ?? (record(options)['allowDefault'] ? realm.object() : undefined),
    getCurrentPages: () => {
      const pages = realm.copy<unknown[]>([])
      pages.push(
        ...stack()
          .all()
          .map(({ self }) => self),
      )
      return pages
    },
  })

  const tellApp: Program['tellApp'] = (method, ...values) => {
    const found = app?.[method]
    if (isMethod(found)) void Promise.resolve(found.call(app, ...values)).catch(onError)
  }

  return {
    launch(launch) {
      modules.run('app')
      if (!app) throw new Error('app.js did not call App({…}).')
      tellApp('onLaunch', realm.copy(launch))
      tellApp('onShow', realm.copy(launch))
    },
    definition(route) {
      const known = definitions.get(route)
      if (known) return known
      registered = undefined
      modules.run(route)
      const found = registered as Definition | undefined
      if (!found) throw new Error(`${route}.js called neither Page({…}) nor Component({…}).`)
      definitions.set(route, found)
      return found
    },
    tellApp,
  }
}

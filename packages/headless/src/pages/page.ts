// A page in the hands of a test: what it holds, what it shows, and a finger on it.

import type { Realm } from '../program/realm.ts'
import { until, type WaitOptions } from '../until.ts'
import { type Element, type Rendered, renderSheet } from '../wxml/render.ts'
import { select, textOf, visible } from '../wxml/select.ts'
import type { Sheet } from '../wxml/sheet.ts'
import type { Instance } from './instance.ts'

export interface Target {
  /** Of several elements, the one whose `data-` attributes are these. */
  dataset?: Record<string, unknown>
}

export interface Page {
  readonly route: string
  readonly query: Readonly<Record<string, string>>
  /** A copy of the page's data as it is now. */
  readonly data: Record<string, unknown>
  /** The words on the page, or on the elements that match. */
  text(selector?: string): string
  elements(selector: string): Element[]
  /** Taps the element that matches `#id`, `.class` …, or the one whose tap is handled by this method. Resolves when the handler is done. */
  tap(selectorOrHandler: string, target?: Target): Promise<void>
  /** Any other event, as `input` with `{ value }` for detail. */
  trigger(event: string, selectorOrHandler: string, detail: object, target?: Target): Promise<void>
  /** Pulls the page down, as people do to refresh. */
  pullDown(): void
  /** Resolves when it holds, and rejects with what the page looked like when it never did. */
  waitFor(predicate: (page: Page) => boolean | Promise<boolean>, options?: WaitOptions): Promise<void>
}

export interface PageOptions {
  realm: Realm
  sheet(): Sheet
  /** A finger reaches only the page on top. */
  isSeen(): boolean
  /** More to say when waiting was in vain. */
  story(): string
}

export function pageOf(instance: Instance, { realm, sheet, isSeen, story }: PageOptions): Page {
  const { route, self } = instance
  // instance.ts made both: plain data, and the strings of the address.
  const data = (): Record<string, unknown> => JSON.parse(JSON.stringify(self['data'])) as Record<string, unknown>
  const shown = (): Rendered[] => renderSheet(sheet(), data())

  const find = (event: string, wanted: string, dataset: Record<string, unknown> = {}): Element => {
    const byMethod = /^[A-Za-z_$][\w$]*$/.test(wanted)
    const all = byMethod ? visible(shown()).filter((one) => one.handlers.get(event)?.method === wanted) : select(shown(), wanted)
    const found = all.filter((one) => Object.entries(dataset).every(([name, value]) => Object.is(one.dataset[name], value)))
    const [first, second] = found
    if (!first) throw new Error(`Nothing to ${event} at "${wanted}" ${JSON.stringify(dataset)} on ${route}; it shows: ${textOf(shown())}`)
    if (second) throw new Error(`${found.length} elements match "${wanted}" on ${route}: choose one by #id or dataset.`)
    return first
  }

  const trigger: Page['trigger'] = async (event, wanted, detail, { dataset } = {}) => {
    if (!isSeen()) throw new Error(`${route} is not the page that is seen.`)
    const target = find(event, wanted, dataset)
    if (target.attributes['disabled']) throw new Error(`"${wanted}" on ${route} is disabled.`)
    const done: unknown[] = []
    for (let at: Element | undefined = target; at; at = at.parent) {
      const handler = at.handlers.get(event)
      if (!handler) continue
      if (!instance.has(handler.method)) throw new Error(`${route} has no method "${handler.method}" to handle "${event}".`)
      done.push(instance.call(handler.method, realm.copy(eventOf(event, detail, target, at))))
      if (handler.stops) break
    }
    if (done.length === 0) throw new Error(`"${wanted}" on ${route} does not listen to "${event}".`)
    await Promise.all(done)
  }

  const page: Page = {
    route,
    query: { ...(self['options'] as Record<string, string>) },
    get data() {
      return data()
    },
    text: (selector) => textOf(selector === undefined ? shown() : select(shown(), selector)),
    elements: (selector) => select(shown(), selector),
    tap: (wanted, target) => trigger('tap', wanted, { x: 0, y: 0 }, target),
    trigger,
    pullDown: () => instance.tell('onPullDownRefresh'),
    waitFor: (predicate, options) =>
      until(
        () => predicate(page),
        options,
        () => `${route} shows: ${textOf(shown())}\ndata: ${JSON.stringify(data())}\n${story()}`,
      ),
  }
  return page
}

function eventOf(type: string, detail: object, target: Element, current: Element): object {
  const place = ({ id, dataset }: Element): object => ({ id, dataset, offsetLeft: 0, offsetTop: 0 })
  return {
    type,
    timeStamp: Date.now(),
    detail,
    target: place(target),
    currentTarget: place(current),
    mark: {},
    touches: [],
    changedTouches: [],
  }
}

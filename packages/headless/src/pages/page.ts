// A page for a test: its data, what it shows, and the events that a person triggers on it.

import type { Realm } from '../program/realm.ts'
import { until, type WaitOptions } from '../until.ts'
import { type Element, type Rendered, renderSheet } from '../wxml/render.ts'
import { select, textOf, visible } from '../wxml/select.ts'
import type { Sheet } from '../wxml/sheet.ts'
import type { Instance } from './instance.ts'

export interface Target {
  /** Chooses among several elements: the one that has these `data-` attributes. */
  dataset?: Record<string, unknown>
}

export interface Page {
  readonly route: string
  readonly query: Readonly<Record<string, string>>
  /** A copy of the page's data as it is now. */
  readonly data: Record<string, unknown>
  /** The text of the page, or of the elements that match. */
  text(selector?: string): string
  elements(selector: string): Element[]
  /** Taps the element that matches `#id`, `.class` …, or the one whose tap is handled by this method. Resolves when the handler has finished. */
  tap(selectorOrHandler: string, target?: Target): Promise<void>
  /** Triggers another event, such as `input` with `{ value }` as its detail. */
  trigger(event: string, selectorOrHandler: string, detail: object, target?: Target): Promise<void>
  /** Pulls the page down to refresh it. */
  pullDown(): void
  /** Resolves when the predicate holds. After the timeout it rejects, with the content of the page. */
  waitFor(predicate: (page: Page) => boolean | Promise<boolean>, options?: WaitOptions): Promise<void>
}

export interface PageOptions {
  realm: Realm
  sheet(): Sheet
  /** Whether the page is on top. Only then can a person touch it. */
  isSeen(): boolean
  /** More text for the error when waiting failed. */
  story(): string
}

export function pageOf(instance: Instance, { realm, sheet, isSeen, story }: PageOptions): Page {
  const { route, self } = instance
  // instance.ts made both: the data is plain, and the query holds texts.
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

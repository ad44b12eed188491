// The open pages, of which the top one is visible, and the five ways to navigate. Errors have WeChat's texts.

import type { Address } from '../program/routes.ts'
import type { Instance } from './instance.ts'

export type Way = 'navigateTo' | 'redirectTo' | 'reLaunch' | 'switchTab'

export interface StackOptions {
  pages: readonly string[]
  tabs: readonly string[]
  create(address: Address): Instance
}

export interface Stack {
  top(): Instance | undefined
  all(): readonly Instance[]
  go(way: Way, address: Address): void
  back(delta?: number): void
  /** The program goes to the background; `show` brings it back. */
  hide(): void
  show(): void
}

/** WeChat's limit of open pages. */
const PAGES_OPEN_MAX = 10

export function createStack({ pages, tabs, create }: StackOptions): Stack {
  let open: Instance[] = []
  /** Tab pages that were shown once. They stay loaded when the person leaves them. */
  const kept = new Map<string, Instance>()
  const top = (): Instance | undefined => open.at(-1)

  const enter = (address: Address): void => {
    const instance = create(address)
    open.push(instance)
    if (tabs.includes(address.route)) kept.set(address.route, instance)
    instance.live('created')
    instance.live('attached')
    instance.tell('onLoad', instance.self['options'])
    show(instance)
    instance.live('ready')
    instance.tell('onReady')
  }
  const show = (instance: Instance | undefined): void => {
    instance?.show()
    instance?.tell('onShow')
  }
  const hide = (instance: Instance | undefined): void => {
    instance?.hide()
    instance?.tell('onHide')
  }
  const leave = (instance: Instance): void => {
    kept.delete(instance.route)
    instance.tell('onUnload')
    instance.live('detached')
  }
  const unload = (): void => {
    const all = new Set([...open].reverse().concat([...kept.values()]))
    open = []
    for (const instance of all) leave(instance)
  }

  const ways: Record<Way, (address: Address) => void> = {
    navigateTo(address) {
      if (open.length >= PAGES_OPEN_MAX) throw new Error('webview count limit exceed')
      hide(top())
      enter(address)
    },
    redirectTo(address) {
      const left = open.pop()
      if (left) leave(left)
      enter(address)
    },
    reLaunch(address) {
      unload()
      enter(address)
    },
    switchTab(address) {
      const seen = top()
      if (seen && open.length === 1 && seen.route === address.route) return
      if (seen && kept.has(seen.route)) hide(seen)
      for (const instance of open.splice(0).reverse()) if (!kept.has(instance.route)) leave(instance)
      const tab = kept.get(address.route)
      if (!tab) return enter({ ...address, query: {} })
      open.push(tab)
      show(tab)
    },
  }

  return {
    top,
    all: () => open,
    go(way, address) {
      if (!pages.includes(address.route)) throw new Error(`page "${address.route}" is not found`)
      const isTab = tabs.includes(address.route)
      if (isTab && (way === 'navigateTo' || way === 'redirectTo')) throw new Error(`can not ${way} a tabbar page`)
      if (!isTab && way === 'switchTab') throw new Error('can not switch to no-tabBar page')
      ways[way](address)
    },
    back(delta = 1) {
      if (open.length < 2) throw new Error('cannot navigate back at first page.')
      for (const instance of open.splice(Math.max(1, open.length - delta)).reverse()) leave(instance)
      show(top())
    },
    hide: () => hide(top()),
    show: () => show(top()),
  }
}

// What a person sees apart from the page: toasts, dialogs, the title bar. Also navigation from page to page.

import type { Stack, Way } from '../pages/stack.ts'
import { addressOf } from '../program/routes.ts'
import { type Api, Failure } from './call.ts'

export interface Toast {
  title: string
  icon: string
}

export interface Modal {
  title: string
  content: string
}

export interface Screen {
  toasts: Toast[]
  modals: Modal[]
  /** The person's answer to a dialog. */
  modalAnswer: 'confirm' | 'cancel'
  loading: string | undefined
  /** The title set by wx.setNavigationBarTitle. */
  title: string | undefined
  clipboard: string
}

export function interfaceApis(screen: Screen, stack: Stack): Record<string, Api> {
  const nothing: Api = () => ({})
  const go = (way: Way, url: unknown): void => stack.go(way, addressOf(words(url), stack.top()?.route))
  const words = (value: unknown): string => (value === undefined ? '' : String(value))
  return {
    showToast({ title, icon = 'success' }) {
      screen.toasts.push({ title: words(title), icon: words(icon) })
      return {}
    },
    hideToast: nothing,
    showLoading({ title }) {
      screen.loading = words(title)
      return {}
    },
    hideLoading() {
      screen.loading = undefined
      return {}
    },
    showModal({ title, content, showCancel = true }) {
      screen.modals.push({ title: words(title), content: words(content) })
      const confirm = screen.modalAnswer === 'confirm' || showCancel === false
      return { confirm, cancel: !confirm }
    },
    setNavigationBarTitle({ title }) {
      screen.title = words(title)
      return {}
    },
    setNavigationBarColor: nothing,
    showNavigationBarLoading: nothing,
    hideNavigationBarLoading: nothing,
    setBackgroundColor: nothing,
    pageScrollTo: nothing,
    vibrateShort: nothing,
    startPullDownRefresh() {
      stack.top()?.tell('onPullDownRefresh')
      return {}
    },
    stopPullDownRefresh: nothing,
    setClipboardData({ data }) {
      screen.clipboard = words(data)
      return {}
    },
    getClipboardData: () => ({ data: screen.clipboard }),
    navigateTo({ url, events }) {
      if (events) throw new Failure('the headless host has no event channel')
      go('navigateTo', url)
      return {}
    },
    redirectTo({ url }) {
      go('redirectTo', url)
      return {}
    },
    reLaunch({ url }) {
      go('reLaunch', url)
      return {}
    },
    switchTab({ url }) {
      go('switchTab', url)
      return {}
    },
    navigateBack({ delta = 1 }) {
      stack.back(Number(delta))
      return {}
    },
  }
}

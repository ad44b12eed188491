// The interface for tests: a mini program that runs on a phone, and the person who uses it.

import type { Page } from './pages/page.ts'
import type { LogLine } from './program/realm.ts'
import type { WaitOptions } from './until.ts'
import type { SeenPayment } from './wx/account.ts'
import type { Modal, Screen, Toast } from './wx/interface.ts'
import type { SeenRequest } from './wx/request.ts'
import type { CashierAction, Fetch } from './wx/wechat.ts'

export interface RunOptions {
  /** The folder of the compiled program, which holds app.json. */
  dir: string
  appid: string
  /** The base URL of the emulator. */
  emulator: string
  /** The openid of the person who uses the phone; the emulator's first user when absent. */
  openid?: string | undefined
  /** Sends the requests of wx.request and those to the emulator; the global `fetch` when absent. */
  fetch?: Fetch | undefined
  /** What the person does when the cashier opens; `pay` when absent. */
  cashier?: CashierAction | undefined
  /** Values for wx.getExtConfigSync, which override those of the program's own ext.json. */
  ext?: Record<string, unknown> | undefined
  /** The phone's storage. Pass the same Map to the next run to restart the program on the same phone. */
  storage?: Map<string, string> | undefined
  /** Called with each line of the program's console, and with each error. */
  log?: ((line: LogLine) => void) | undefined
}

export interface MiniProgram {
  /** Launches the program at this page. When it is running already, opens the page as a new entry does. */
  open(path?: string, query?: Record<string, string>): Promise<Page>
  /** The page on top, which the person sees. */
  currentPage(): Page
  /** Waits until the page on top has this route. */
  waitForPage(route: string, options?: WaitOptions): Promise<Page>
  setCashier(action: CashierAction): void
  /** Sets how the person answers the next dialogs; `confirm` at first. */
  setModalAnswer(answer: Screen['modalAnswer']): void
  /** The person leaves the program; `show` brings it back. */
  hide(): void
  show(): void
  /** The codes that wx.login gave, in order. */
  readonly logins: readonly string[]
  /** The arguments and results of wx.requestPayment, in order. */
  readonly payments: readonly SeenPayment[]
  readonly toasts: readonly Toast[]
  readonly modals: readonly Modal[]
  /** The calls of wx.request, in order. */
  readonly requests: readonly SeenRequest[]
  readonly storage: ReadonlyMap<string, string>
  /** The lines of the program's console. */
  readonly logs: readonly LogLine[]
  /** Errors that no code of the program caught. */
  readonly errors: readonly unknown[]
  /** Stops the program's timers and requests. */
  close(): void
}

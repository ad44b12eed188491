// What a test is given: a program on a phone, and the person who holds it.

import type { Page } from './pages/page.ts'
import type { LogLine } from './program/realm.ts'
import type { WaitOptions } from './until.ts'
import type { SeenPayment } from './wx/account.ts'
import type { Modal, Screen, Toast } from './wx/interface.ts'
import type { SeenRequest } from './wx/request.ts'
import type { CashierAction, Fetch } from './wx/wechat.ts'

export interface RunOptions {
  /** The compiled program: where app.json is. */
  dir: string
  appid: string
  /** The emulator's address. */
  emulator: string
  /** Who holds the phone; the emulator's first user when absent. */
  openid?: string | undefined
  /** For wx.request and for the emulator alike. */
  fetch?: Fetch | undefined
  /** What the person does at the cashier; `pay` when absent. */
  cashier?: CashierAction | undefined
  /** What wx.getExtConfigSync tells, over the program's own ext.json. */
  ext?: Record<string, unknown> | undefined
  /** The phone's storage. Keep the Map, give it to the next run, and the program was restarted. */
  storage?: Map<string, string> | undefined
  /** Hears each line of the program's console, and each error. */
  log?: ((line: LogLine) => void) | undefined
}

export interface MiniProgram {
  /** Launches the program at this page; once it runs, goes there as a new entry does. */
  open(path?: string, query?: Record<string, string>): Promise<Page>
  /** The page that is seen. */
  currentPage(): Page
  /** Waits until the page that is seen has this route. */
  waitForPage(route: string, options?: WaitOptions): Promise<Page>
  setCashier(action: CashierAction): void
  /** How the person answers the next dialogs; `confirm` at first. */
  setModalAnswer(answer: Screen['modalAnswer']): void
  /** The person goes elsewhere, and comes back. */
  hide(): void
  show(): void
  /** Codes that wx.login gave, in order. */
  readonly logins: readonly string[]
  /** What wx.requestPayment was given and said, in order. */
  readonly payments: readonly SeenPayment[]
  readonly toasts: readonly Toast[]
  readonly modals: readonly Modal[]
  /** What wx.request was asked for, in order. */
  readonly requests: readonly SeenRequest[]
  readonly storage: ReadonlyMap<string, string>
  /** The program's console. */
  readonly logs: readonly LogLine[]
  /** What was thrown where nobody could catch it. */
  readonly errors: readonly unknown[]
  /** Ends timers and requests. */
  close(): void
}

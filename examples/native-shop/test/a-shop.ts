// A shop in one process: WeChat, Cashdesk, the shop's backend, and a phone that runs the compiled mini program.

import { type MiniProgram, type RunOptions, runMiniProgram } from '@cashdesk/headless'
import { API_KEY, aWorld, type TestWorld } from '../../../test/support/world.ts'
import { createShopBackend } from '../../shop-backend/src/app.ts'

export interface Shop {
  world: TestWorld
  /** A phone that runs the shop's mini program; its user is 小明 unless another is given. */
  aPhone(options?: Partial<RunOptions>): MiniProgram
  /** From now on requests to the named hosts fail. */
  disconnect(...hosts: string[]): void
  /** The next request to this path is handled, but its answer is lost. Resolves once it was handled. */
  loseAnswer(path: string): Promise<void>
  close(): void
}

export async function aShop(dir: string): Promise<Shop> {
  const world = await aWorld()
  const cashdesk = async (request: Request): Promise<Response> => {
    const { pathname, search } = new URL(request.url)
    const { method } = request
    const headers = Object.fromEntries(request.headers)
    return world.fetch(pathname + search, { method, headers, ...(method === 'POST' && { body: await request.text() }) })
  }
  const backend = createShopBackend({ cashdeskURL: 'http://cashdesk.test', apiKey: API_KEY, merchant: 'shop', fetch: cashdesk })
  const hosts: Record<string, (request: Request) => Promise<Response>> = {
    'cashdesk.test': cashdesk,
    'shop.test': backend.fetch,
    'wechat.test': world.emulator.fetch,
  }
  let gone: string[] = []
  let losing: { path: string; handled(): void } | undefined
  const phones: MiniProgram[] = []

  return {
    world,
    aPhone(options = {}) {
      const phone = runMiniProgram({
        dir,
        appid: world.emulator.settings.appid,
        emulator: 'http://wechat.test',
        ext: { backend: 'http://shop.test', cashdesk: 'http://cashdesk.test' },
        fetch: async (request) => {
          const { host, pathname } = new URL(request.url)
          const answer = gone.includes(host) ? undefined : hosts[host]
          if (!answer) throw new Error(`net::ERR_CONNECTION_REFUSED ${host}`)
          if (losing?.path !== pathname) return answer(request)
          const { handled } = losing
          losing = undefined
          await answer(request)
          handled()
          return new Promise(() => {})
        },
        ...options,
      })
      phones.push(phone)
      return phone
    },
    disconnect(...names) {
      gone = names
    },
    loseAnswer(path) {
      return new Promise((handled) => {
        losing = { path, handled }
      })
    },
    close() {
      for (const phone of phones) phone.close()
      world.close()
    },
  }
}

// Collects the records that changed since they were last written down. Each part of the platform reports the records that it changes; the keeper of the state
// writes them down before an answer or a notification leaves.

/** The named record now has `value`. Without a value, the record was removed. */
export type Change = readonly [kind: string, name: string, value?: unknown]

/** How the records of each kind are named. State files hold these names, so another way of naming needs a new version of the file. */
const NAME_OF = {
  people: (name: string): string => name,
  orders: ({ mchid, body }: { mchid: string; body: { out_trade_no: string } }): string => `${mchid}/${body.out_trade_no}`,
  burnt: (number: string): string => number,
  combines: ({ mchid, body }: { mchid: string; body: { combine_out_trade_no: string } }): string => `${mchid}/${body.combine_out_trade_no}`,
  trades: ({ transaction_id }: { transaction_id: string }): string => transaction_id,
  refunds: ({ refund_id }: { refund_id: string }): string => refund_id,
  receivers: (receiver: string): string => receiver,
  shares: ({ order_id }: { order_id: string }): string => order_id,
  returns: ({ mchid, out_return_no }: { mchid: string; out_return_no: string }): string => `${mchid}/${out_return_no}`,
  transfers: ({ transfer_bill_no }: { transfer_bill_no: string }): string => transfer_bill_no,
  ledger: ({ seq }: { seq: number }): string => String(seq),
  tasks: ({ at, kind, id }: { at: number; kind: string; id: string }): string => `${at}/${kind}/${id}`,
  notifications: ({ id }: { id: string }): string => id,
  sessions: ({ appid, openid }: { appid: string; openid: string }): string => `${appid}/${openid}`,
  subscriptions: ([name]: readonly [name: string, left: number]): string => name,
  /** The list is short, so it is kept as one record. */
  sent: (_list: readonly unknown[]): string => 'all',
  shipments: ({ transaction_id }: { transaction_id: string }): string => transaction_id,
}

export type Kind = keyof typeof NAME_OF
type RecordOf<K extends Kind> = Parameters<(typeof NAME_OF)[K]>[0]

export const KINDS: readonly Kind[] = Object.keys(NAME_OF) as Kind[]

/** The name of `record`, which must be of this kind. */
export function nameOf(kind: Kind, record: unknown): string {
  return (NAME_OF[kind] as (record: unknown) => string)(record)
}

export interface Journal {
  /** Reports a new or changed record. Must be called after the change; what is written is the content of the record at the end of the turn. */
  put<K extends Kind>(kind: K, record: RecordOf<K>): void
  remove<K extends Kind>(kind: K, record: RecordOf<K>): void
  /** Reports that everything changed, so the whole state must be written. */
  renew(): void
}

/** Writes changes down. After an error the same changes are passed again, with those that happened meanwhile. */
export interface Keeper {
  /** Writes all of the changes or none. */
  write(changes: readonly Change[]): void
  /** Writes the whole state. */
  renew(): void
  /** Small values that change rarely and in many places. They are compared with what was written last, instead of being reported: see `SETTINGS`. */
  settings(): Readonly<Record<string, unknown>>
}

export interface KeptJournal extends Journal {
  /** Starts writing changes down; `undefined` stops it. Before that no change is collected. */
  keep(keeper: Keeper | undefined): void
  /** Writes all collected changes now. @throws what the keeper throws */
  flush(): void
}

/** The kind of a change to one of `Keeper.settings`. */
export const SETTING = 'settings'

export function createJournal(): KeptJournal {
  const changed = new Map<string, Change>()
  const settingsWritten = new Map<string, string>()
  let keeper: Keeper | undefined
  let everything = false
  let due = false

  const flush = (): void => {
    if (!keeper) return
    const settings = Object.entries(keeper.settings()).map(([name, value]) => ({ name, value, text: JSON.stringify(value) }))
    const changes = [
      ...changed.values(),
      ...settings.filter(({ name, text }) => settingsWritten.get(name) !== text).map(({ name, value }): Change => [SETTING, name, value]),
    ]
    if (everything) keeper.renew()
    else if (changes.length > 0) keeper.write(changes)
    everything = false
    changed.clear()
    for (const { name, text } of settings) settingsWritten.set(name, text)
  }

  /** Writes at the end of this turn: a timer or a direct call can change records without an answer that would cause a write. */
  const flushSoon = (): void => {
    if (due) return
    due = true
    queueMicrotask(() => {
      due = false
      try {
        flush()
      } catch {
        // The keeper has reported the error, and the next answer fails with it.
      }
    })
  }

  const note = (change: Change): void => {
    if (!keeper) return
    changed.set(`${change[0]}/${change[1]}`, change)
    flushSoon()
  }

  return {
    put: (kind, record) => note([kind, nameOf(kind, record), record]),
    remove: (kind, record) => note([kind, nameOf(kind, record)]),
    renew() {
      everything = keeper !== undefined
      flushSoon()
    },
    keep(next) {
      keeper = next
      everything = next !== undefined
      changed.clear()
      settingsWritten.clear()
      flush()
    },
    flush,
  }
}

// Takes a bill that a person downloaded on the merchant platform: unpack → parse → store → compare. It is taken whole or refused whole.

import { createGunzip } from 'node:zlib'
import type { BillDay } from '@cashdesk/store'
import { Problem } from '../problem.ts'
import type { BillStates } from '../reconcile/fetch.ts'
import { type BillOf, loadBill } from '../reconcile/load.ts'
import { compared } from '../reconcile/run-day.ts'
import type { World } from '../world.ts'

/** Bytes of an unpacked file. Beyond it the file is a bomb, or not a bill. */
const FILE_BYTES_MAX = 2 * 1024 ** 3

/** @throws Problem bill_refused, body_incomplete, body_too_large */
export async function importBill(world: World, of: Omit<BillOf, 'source'>, request: Request, who: string): Promise<BillDay> {
  const now = world.clock.now()
  const day = await world.store.transaction((tx) => tx.books.openDay(of.mchid, of.date, now, now))
  const loaded = await loadBill(world, { ...of, source: 'import' }, (keep) => unpacked(request, of.kind, keep))
  if (loaded.state === 'broken') throw new Problem('bill_refused', { errors: [{ field: of.kind, message: loaded.problem }] })
  const detail = { kind: of.kind, lines: loaded.lines, mchid: of.mchid }
  await world.store.transaction(async (tx) => {
    const [merchant] = [...world.merchants.values()].filter(({ recipient }) => recipient.mchid === of.mchid)
    await tx.auditLog.append({ at: now, who, act: 'bill.import', merchant: merchant?.id ?? of.mchid, subject: of.date, detail })
  })
  const files: BillStates = { ...(JSON.parse(day.files) as BillStates), [of.kind]: { state: 'loaded', lines: loaded.lines } }
  return compared(world, day, files)
}

async function* unpacked(request: Request, kind: string, keep: (packed: Uint8Array) => void): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const chunk of maybeGunzip(bodyOf(request, keep), kind)) {
    size += chunk.byteLength
    if (size > FILE_BYTES_MAX) throw new Problem('body_too_large')
    yield chunk
  }
}

async function* bodyOf(request: Request, keep: (packed: Uint8Array) => void): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of request.body ?? []) {
      keep(chunk)
      yield chunk
    }
  } catch (cause) {
    throw new Problem('body_incomplete', {}, { cause })
  }
}

/** Gzip is recognised by its first two bytes. */
async function* maybeGunzip(chunks: AsyncGenerator<Uint8Array>, kind: string): AsyncGenerator<Uint8Array> {
  const first = await chunks.next()
  if (first.done) return
  const all = async function* (): AsyncGenerator<Uint8Array> {
    yield first.value
    yield* chunks
  }
  if (first.value[0] !== 0x1f || first.value[1] !== 0x8b) {
    yield* all()
    return
  }
  const gunzip = createGunzip()
  const fed = (async () => {
    for await (const chunk of all()) if (!gunzip.write(chunk)) await new Promise((resolve) => gunzip.once('drain', resolve))
    gunzip.end()
  })().catch((error: unknown) => gunzip.destroy(error instanceof Error ? error : new Error(String(error))))
  try {
    yield* gunzip
  } catch (cause) {
    if (cause instanceof Problem) throw cause
    throw new Problem('bill_refused', { errors: [{ field: kind, message: 'the gzip is cut or damaged · gzip 不完整或已损坏' }] }, { cause })
  }
  await fed
}

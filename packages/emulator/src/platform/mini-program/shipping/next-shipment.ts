// The shipment after an upload: with more parcels, complete, or re-shipped, which is allowed once (miniprogram-server-api §8.3).

import { DELIVERY_MODE } from '@cashdesk/protocol'
import type { Shipment as Told } from '@cashdesk/protocol/spec'
import { canonical } from '../../canonical.ts'
import { Errcode } from '../errcode.ts'
import type { Shipment } from './shipment.ts'

const PARCELS_MAX = 15

export interface ShipmentUpload {
  appid: string
  transaction_id: string
  told: Told
  /** Epoch ms, as given in the upload. */
  upload_time: number
  now: number
}

/** The shipment after the upload. @throws Errcode 10060002, 10060003, 10060014, 10060023, 10060024 */
export function nextShipment(before: Shipment | undefined, upload: ShipmentUpload): Shipment {
  if (!before) return complete(begun(upload), upload)
  if (before.confirmed) throw new Errcode(10060002)
  const { told, upload_time } = upload
  const changed = before.logistics_type !== told.logistics_type || before.delivery_mode !== told.delivery_mode
  if (!changed && same(before, upload)) throw new Errcode(10060023)
  if (upload_time <= before.uploaded_at) throw new Errcode(10060014, 'upload_time 必须晚于上次')

  if (before.shipped_at === undefined && !changed) {
    const parcels = [...before.parcels, ...parcelsOf(upload)]
    if (parcels.length > PARCELS_MAX) throw new Errcode(10060024)
    return complete({ ...before, parcels, uploaded_at: upload_time }, upload)
  }
  if (before.reshipped) throw new Errcode(10060003)
  return complete({ ...begun(upload), finish_count: before.finish_count, reshipped: true, reminded: before.reminded }, upload)
}

function begun(upload: ShipmentUpload): Shipment {
  const { appid, transaction_id, told, upload_time } = upload
  return {
    transaction_id,
    appid,
    logistics_type: told.logistics_type,
    delivery_mode: told.delivery_mode,
    parcels: parcelsOf(upload),
    uploaded_at: upload_time,
    finish_count: 0,
    reshipped: false,
    reminded: false,
  }
}

function complete(shipment: Shipment, { told, now }: ShipmentUpload): Shipment {
  if (told.delivery_mode === DELIVERY_MODE.SPLIT && !told.is_all_delivered) return shipment
  return { ...shipment, shipped_at: now, finish_count: shipment.finish_count === 0 ? 1 : 2 }
}

function parcelsOf({ told, upload_time }: ShipmentUpload): Shipment['parcels'] {
  return told.shipping_list.map((parcel) => ({ ...parcel, upload_time }))
}

/** Whether the upload repeats the latest parcels, so that nothing changes. */
function same(before: Shipment, { told }: ShipmentUpload): boolean {
  const last = before.parcels.slice(-told.shipping_list.length).map(({ upload_time: _, ...parcel }) => parcel)
  const completes = told.delivery_mode === DELIVERY_MODE.SPLIT && told.is_all_delivered === true && before.shipped_at === undefined
  return !completes && canonical(last) === canonical(told.shipping_list)
}

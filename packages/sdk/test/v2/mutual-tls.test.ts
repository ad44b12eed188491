// Refunds over a real socket: the server wants our certificate, and we want its.

import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { apiV2Key, openV2, sealV2 } from '@cashdesk/protocol/v2'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ClientCertificate, createWechatPayV2, mutualTlsFetch } from '../../src/v2/index.ts'
import { APPID, errorOf, KEY, MCH_ID } from './wechat-v2.ts'

const tls = JSON.parse(readFileSync(new URL('vectors/tls.json', import.meta.url), 'utf8')) as Record<
  'ca' | 'server_cert' | 'server_key' | 'client_cert' | 'client_key',
  string
>
const trust = { key: apiV2Key(KEY), signType: 'MD5' } as const
const certificate: ClientCertificate = { cert: tls.client_cert, key: tls.client_key, ca: tls.ca }
const request = { out_trade_no: 'ORDER-0001', out_refund_no: 'R-1', total_fee: 2800, refund_fee: 800 }

let server: Server
let address: string
const subjects: string[] = []
beforeAll(async () => {
  server = createServer(
    { cert: tls.server_cert, key: tls.server_key, ca: tls.ca, requestCert: true, rejectUnauthorized: true },
    async (incoming, outgoing) => {
      subjects.push(String((incoming.socket as TLSSocket).getPeerCertificate().subject.CN))
      const chunks: Buffer[] = []
      for await (const chunk of incoming) chunks.push(chunk)
      const { out_refund_no = '' } = openV2(trust, Buffer.concat(chunks))
      outgoing.end(
        sealV2(trust, {
          return_code: 'SUCCESS',
          result_code: 'SUCCESS',
          appid: APPID,
          mch_id: MCH_ID,
          ...request,
          out_refund_no,
          transaction_id: '42',
          refund_id: '50',
        }),
      )
    },
  ).listen(0, '127.0.0.1')
  await once(server, 'listening')
  address = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const clientWith = (clientCertificate: ClientCertificate) =>
  createWechatPayV2({ appid: APPID, mch_id: MCH_ID, apiV2Key: KEY, signType: 'MD5', baseURL: address, clientCertificate })

test('the certificate is presented', async () => {
  expect(await clientWith(certificate).refund(request)).toMatchObject({ refund_id: '50', refund_fee: 800 })
  expect(subjects).toEqual(['client'])
})

describe('D28', () => {
  test('a server whose certificate we do not trust hears nothing', async () => {
    const { ca: _, ...untrusting } = certificate
    subjects.length = 0
    expect(await errorOf(clientWith(untrusting).refund(request))).toMatchObject({ code: 'ERR_NETWORK', outcome: 'unknown' })
    expect(subjects).toEqual([])
  })

  test('nor does one under another name', async () => {
    const elsewhere = createWechatPayV2({
      appid: APPID,
      mch_id: MCH_ID,
      apiV2Key: KEY,
      signType: 'MD5',
      baseURL: address.replace('127.0.0.1', '127.0.0.2'),
      clientCertificate: certificate,
    })
    expect(await errorOf(elsewhere.refund(request))).toMatchObject({ code: 'ERR_NETWORK', outcome: 'unknown' })
  })
})

test('a key that does not fit its certificate is told at once, without its text', () => {
  const wrong = { cert: tls.client_cert, key: tls.server_key }
  expect(() => mutualTlsFetch(wrong)).toThrow(expect.objectContaining({ code: 'ERR_KEY_INVALID' }))
  expect(() => mutualTlsFetch({ cert: 'x', key: 'y' })).toThrow(expect.objectContaining({ code: 'ERR_KEY_INVALID' }))
})

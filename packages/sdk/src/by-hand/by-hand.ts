// The rest of WeChat Pay v3, by hand: any method and path, JSON or an upload, signed and verified as the verbs are; and files, which WeChat does not sign.

import type { Caller, Sealer } from '../caller.ts'
import { type Method, nonce } from '../ports.ts'
import type { CallOptions, SignedRequest, TransportOptions } from '../transport/options.ts'
import { refusalOf } from '../transport/refusal.ts'
import { withRetries } from '../transport/retry.ts'
import { targetOf } from '../transport/target.ts'
import { call, sendSigned } from '../transport/transport.ts'
import type { Verifier } from '../trust/trust.ts'
import { multipart, type Upload } from './upload.ts'

export interface RequestInput extends CallOptions {
  /** Encoded as a query; undefined members are left out. */
  query?: Readonly<Record<string, string | undefined>> | undefined
  /** Sent as JSON. */
  body?: object | undefined
  /** Sent as a file with its signed description, instead of `body`. */
  upload?: Upload | undefined
  /** The `serial` of the sealer whose `seal` was used for a field of `body`. */
  serial?: string | undefined
}

export interface DownloadInput extends CallOptions {
  /** The largest file taken, in bytes. Default 64 MiB. */
  bytes_max?: number | undefined
}

export interface DownloadedFile {
  /** As WeChat says: `image/jpeg`, `application/pdf`. */
  content_type: string
  /** Not signed by WeChat. Compare its hash where a signed answer gave one; a picture of a complaint is worth as much as its TLS connection. */
  body: Uint8Array
}

export interface ByHand {
  /**
   * Any call that has no verb, sent once, because repeating it may not be safe. `path` is sent as given: encode its parts with `encodeURIComponent`.
   * Returns the verified, parsed answer; null for a 204.
   * @throws ApiError, NetworkError, UntrustedAnswerError, each with its outcome; TypeError for what cannot be sent
   * @example await wechatpay.request('POST', '/v3/merchant/media/upload', { upload: { filename: 'a.png', content_type: 'image/png', bytes } })
   */
  request(method: Method, path: string, input?: RequestInput): Promise<unknown>
  /**
   * A file: the picture of a complaint, a receipt. `address`: the URL that WeChat gave, or a path with its query; it is signed and sent as given, to WeChat's
   * host, whatever host the URL names.
   * @throws ApiError for a refusal (JSON), NetworkError, also ERR_ANSWER_TOO_LARGE
   */
  download(address: string, input?: DownloadInput): Promise<DownloadedFile>
  /** Seals sensitive fields (names, card numbers) for a call by hand. Pass its `serial` with the request. */
  sealer(): Promise<Sealer>
}

const FILE_BYTES_MAX = 64 * 1024 * 1024

export function byHand(transport: TransportOptions, verifier: Verifier, caller: Caller, how: CallOptions): ByHand {
  return {
    sealer: () => caller.sealer(),
    request(method, path, { query, body, upload, serial, ...more } = {}) {
      if (body !== undefined && upload !== undefined) throw new TypeError('give body or upload, not both')
      const target = targetOf(path, query)
      return call(transport, verifier, { method, target, serial, ...contents(transport, body, upload) }, { ...how, ...more, once: true })
    },
    async download(address, { bytes_max = FILE_BYTES_MAX, ...more } = {}) {
      const target = address.startsWith('/') ? address : pathOf(address)
      return withRetries(transport, { ...how, ...more }, async (attempt) => {
        const answer = await sendSigned(transport, { method: 'GET', target }, attempt, bytes_max)
        if (answer.status !== 200) throw await refusalOf(verifier, answer, `GET ${target.split('?')[0]}`, undefined)
        return { content_type: answer.headers.get('content-type') ?? '', body: answer.body }
      })
    },
  }
}

function contents(
  { random }: TransportOptions,
  body: object | undefined,
  upload: Upload | undefined,
): Pick<SignedRequest, 'body' | 'signed' | 'content_type'> {
  if (upload) return multipart(upload, `cashdesk${nonce(random)}`)
  return body === undefined ? {} : { body: JSON.stringify(body) }
}

function pathOf(address: string): string {
  const { pathname, search } = new URL(address)
  return pathname + search
}

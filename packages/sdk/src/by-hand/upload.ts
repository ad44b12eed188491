// The body of an upload: the signed description of a file, and its bytes (media §2).

import { createHash } from 'node:crypto'

/** A picture, PDF or video for WeChat. */
export interface Upload {
  /** Ends with the suffix of its kind: `a.jpg`, `id-card.png`, `contract.pdf`. At most 128 characters. */
  filename: string
  /** `image/jpeg`, `image/png`, `application/pdf`, `video/mp4`. */
  content_type: string
  bytes: Uint8Array
  /** More members of `meta`, where an endpoint asks for them. */
  meta?: Readonly<Record<string, unknown>> | undefined
}

export interface MultipartBody {
  /** The text that the signature covers: the `meta` part, byte for byte, without the file. */
  signed: string
  content_type: string
  body: Uint8Array
}

/** `boundary`: must not occur in the file; 32 random characters do not. @throws TypeError for a name that would break the header of its part */
export function multipart({ filename, content_type, bytes, meta }: Upload, boundary: string): MultipartBody {
  if (filename === '' || filename.length > 128 || /["\\\p{Cc}]/u.test(filename))
    throw new TypeError('filename: 1–128 characters without quotes, backslashes and control characters')
  if (!/^[a-z]+\/[a-z0-9.+-]+$/i.test(content_type)) throw new TypeError('content_type: such as image/png')
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const signed = JSON.stringify({ filename, sha256, ...meta })
  const head =
    `--${boundary}\r\nContent-Disposition: form-data; name="meta"\r\nContent-Type: application/json\r\n\r\n${signed}\r\n` +
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${filename}"\r\nContent-Type: ${content_type}\r\n\r\n`
  return {
    signed,
    content_type: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  }
}

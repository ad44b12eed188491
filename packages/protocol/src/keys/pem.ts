// Reads keys as users paste them. Unambiguous damage is repaired (`\n` as two characters, blanks for line feeds, a missing BEGIN/END frame).
// For any other text the error says what it is and how to get the right key. The text itself never appears in an error.

import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { KeyError } from '../errors.ts'

export type Wanted = 'private key' | 'public key' | 'certificate'

interface Finding {
  problem: string
  problem_zh: string
  fix: string
  fix_zh: string
}

type What = Wanted | 'empty' | 'path' | 'password' | 'p12' | 'request' | 'ssh' | 'unreadable'

/** What else users give in place of a key. */
const FINDINGS: Readonly<Record<What, Finding>> = {
  empty: {
    problem: 'it is empty',
    problem_zh: '内容为空',
    fix: 'give the text of the PEM file',
    fix_zh: '请填入 PEM 文件的内容',
  },
  path: {
    problem: 'it is the path of a file, not the text in it',
    problem_zh: '这是文件路径，不是文件内容',
    fix: 'read the file and give its text (in a configuration of Cashdesk: the same name with _file)',
    fix_zh: '请读取文件并填入其内容（Cashdesk 配置中可使用同名的 _file 字段）',
  },
  password: {
    problem: 'it is protected by a password',
    problem_zh: '私钥带有密码保护',
    fix: 'remove the password: openssl pkcs8 -topk8 -nocrypt -in apiclient_key.pem',
    fix_zh: '请去除密码：openssl pkcs8 -topk8 -nocrypt -in apiclient_key.pem',
  },
  p12: {
    problem: 'it is a binary file, such as apiclient_cert.p12',
    problem_zh: '这是二进制文件，例如 apiclient_cert.p12',
    fix: 'use the PEM files beside it: apiclient_key.pem and apiclient_cert.pem',
    fix_zh: '请使用同一压缩包中的 PEM 文件：apiclient_key.pem 与 apiclient_cert.pem',
  },
  'private key': {
    problem: 'it is a private key',
    problem_zh: '这是私钥',
    fix: 'the private key is apiclient_key.pem; WeChat Pay’s public key is pub_key.pem, your certificate apiclient_cert.pem',
    fix_zh: '私钥文件为 apiclient_key.pem，微信支付公钥为 pub_key.pem，商户证书为 apiclient_cert.pem',
  },
  'public key': {
    problem: 'it is a public key',
    problem_zh: '这是公钥',
    fix: 'your private key is apiclient_key.pem, your certificate apiclient_cert.pem; WeChat Pay’s public key (pub_key.pem) goes to the public keys',
    fix_zh: '商户私钥为 apiclient_key.pem，商户证书为 apiclient_cert.pem；微信支付公钥（pub_key.pem）应填入公钥配置',
  },
  certificate: {
    problem: 'it is a certificate',
    problem_zh: '这是证书',
    fix: 'your certificate is apiclient_cert.pem; the private key is apiclient_key.pem, WeChat Pay’s public key pub_key.pem',
    fix_zh: '商户证书为 apiclient_cert.pem，私钥为 apiclient_key.pem，微信支付公钥为 pub_key.pem',
  },
  request: {
    problem: 'it is a certificate request',
    problem_zh: '这是证书请求（CSR）',
    fix: 'upload it on the merchant platform and use the certificate that comes back',
    fix_zh: '请在商户平台提交该请求，并使用下发的证书',
  },
  ssh: {
    problem: 'it is a key of SSH',
    problem_zh: '这是 SSH 密钥',
    fix: 'use apiclient_key.pem from the merchant platform',
    fix_zh: '请使用商户平台的 apiclient_key.pem',
  },
  unreadable: {
    problem: 'not readable as PEM: something is missing or was changed',
    problem_zh: '无法按 PEM 读取：内容缺失或被改动',
    fix: 'copy the whole file again, from -----BEGIN to -----END, or download it anew',
    fix_zh: '请重新复制整个文件（从 -----BEGIN 到 -----END），或重新下载',
  },
}

/** The text as correct PEM. @throws KeyError ERR_KEY_INVALID: what the text is instead, and the fix */
export function pemIn(text: string, wanted: Wanted, what: string): string {
  const plain = unescaped(text)
  const found = kindOf(plain)
  if (found === wanted) return framed(plain)
  throw refused(found === undefined ? 'unreadable' : found, what)
}

/** The error for a text of that kind. */
export function refused(found: What, what: string): KeyError {
  return new KeyError('ERR_KEY_INVALID', { what, ...FINDINGS[found] })
}

/** Replaces `\n` as two characters by a line feed; removes a byte order mark and surrounding quotes. */
function unescaped(text: string): string {
  return text
    .replaceAll('\\r', '')
    .replaceAll('\\n', '\n')
    .replace(/^\uFEFF/, '')
    .trim()
    .replace(/^(["'])([\s\S]*)\1$/, '$2')
    .trim()
}

const LABELS: readonly [RegExp, What][] = [
  [/ENCRYPTED PRIVATE KEY|Proc-Type: 4,ENCRYPTED/, 'password'],
  [/BEGIN OPENSSH|^ssh-(rsa|ed25519) /, 'ssh'],
  [/BEGIN (NEW )?CERTIFICATE REQUEST/, 'request'],
  [/BEGIN (RSA |EC )?PRIVATE KEY/, 'private key'],
  [/BEGIN (RSA )?PUBLIC KEY/, 'public key'],
  [/BEGIN (TRUSTED |X509 )?CERTIFICATE/, 'certificate'],
]

function kindOf(text: string): What | undefined {
  if (text === '') return 'empty'
  const label = LABELS.find(([words]) => words.test(text))
  if (label) return label[1]
  // The first bytes of DER, decoded as text: bytes that are not UTF-8 have become U+FFFD.
  if (/^0[\u0082\uFFFD]/.test(text) || text.includes('\0')) return 'p12'
  const bare = bareKind(text)
  if (bare) return bare
  return /^[^\n-]{1,1024}$/.test(text) && /[\\/]|\.(pem|key|crt|cer|p12|txt)$/i.test(text) ? 'path' : undefined
}

/** The kind of a key in base64 without frame, as other payment platforms give it. */
function bareKind(text: string): 'private key' | 'public key' | undefined {
  if (!/^[A-Za-z0-9+/\s]{200,}={0,2}$/.test(text)) return undefined
  const key = Buffer.from(text, 'base64')
  for (const type of ['pkcs8', 'pkcs1'] as const) if (isReadable(() => createPrivateKey({ key, format: 'der', type }))) return 'private key'
  return isReadable(() => createPublicKey({ key, format: 'der', type: 'spki' })) ? 'public key' : undefined
}

function isReadable(read: () => KeyObject): boolean {
  try {
    read()
    return true
  } catch {
    return false
  }
}

/** Writes the line feeds where OpenSSL needs them, and adds a missing frame. */
function framed(text: string): string {
  const [, label = '', body = ''] = /-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]*)-----END \1-----/.exec(text) ?? []
  if (label !== '') return frame(label, body)
  if (text.includes('-----')) return text
  const der = Buffer.from(text, 'base64')
  if (isReadable(() => createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }))) return frame('PRIVATE KEY', text)
  return frame(bareKind(text) === 'public key' ? 'PUBLIC KEY' : 'RSA PRIVATE KEY', text)
}

function frame(label: string, body: string): string {
  const lines = body.replaceAll(/\s/g, '').match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}

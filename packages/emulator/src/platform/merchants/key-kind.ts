// What a merchant has of WeChat's: the WeChat Pay public key, platform certificates, or both while WeChat moves it over (v3-protocol §6, §7).

/**
 * `public_key`: the public key only, as every merchant since late 2024. `certificate`: platform certificates only, as merchants before.
 * `both`: the grey period. Answers are signed by the key that `Wechatpay-Serial` asks for, notifications by `public_key_share`.
 */
export type KeyKind = 'public_key' | 'certificate' | 'both'

export const KEY_KINDS: readonly KeyKind[] = ['public_key', 'certificate', 'both']

export function isKeyKind(value: unknown): value is KeyKind {
  return KEY_KINDS.some((kind) => kind === value)
}

// Why a request was refused, for programs and for people.

export interface Explanation {
  /** Stable, for programs. */
  cause: string
  /** The part that differs, where it is known. */
  differs_in?: 'method' | 'url' | 'timestamp' | 'nonce' | 'body' | 'lines' | 'key' | 'algorithm' | 'serial' | 'header'
  en: string
  zh: string
}

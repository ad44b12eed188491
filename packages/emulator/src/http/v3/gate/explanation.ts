// The reason of a refused request, for programs and for people.

export interface Explanation {
  /** A stable code for programs. */
  cause: string
  /** The part of the request that differs, when it is known. */
  differs_in?: 'method' | 'url' | 'timestamp' | 'nonce' | 'body' | 'lines' | 'key' | 'algorithm' | 'serial' | 'header'
  en: string
  zh: string
}

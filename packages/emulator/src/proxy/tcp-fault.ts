// What can happen to a connection through the TCP proxy.

/** What happens to a connection that is made from now on. */
export type TcpFault =
  /** All bytes of the answer come so much later. */
  | { kind: 'delay'; ms: number }
  /** Reset before anything was passed on. */
  | { kind: 'reset_before' }
  /** The request is passed on; the answer is a reset. */
  | { kind: 'reset_after' }
  /** The answer ends before its first byte, politely. */
  | { kind: 'half_close' }
  /** Accepted, and nothing more is heard. */
  | { kind: 'black_hole' }
  /** The answer comes byte by byte. */
  | { kind: 'drip'; ms_per_byte: number }
  /** Only so many bytes of the answer come, then the end. */
  | { kind: 'truncate'; bytes: number }

// The faults of a connection through the TCP proxy.

/** A fault for connections that are made from now on. */
export type TcpFault =
  /** All bytes of the answer come this many milliseconds later. */
  | { kind: 'delay'; ms: number }
  /** The connection is reset before anything is passed on. */
  | { kind: 'reset_before' }
  /** The request is passed on; then the connection is reset. */
  | { kind: 'reset_after' }
  /** The connection is closed normally before the first byte of the answer. */
  | { kind: 'half_close' }
  /** The connection is accepted, and nothing is ever sent on it. */
  | { kind: 'black_hole' }
  /** The answer comes byte by byte, with this many milliseconds between. */
  | { kind: 'drip'; ms_per_byte: number }
  /** Only this many bytes of the answer come, then the connection is closed. */
  | { kind: 'truncate'; bytes: number }

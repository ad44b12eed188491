// The business says no: a returned value, because the caller must decide what to do with it.

export interface Refused<Reason extends string> {
  ok: false
  refusal: Reason
}

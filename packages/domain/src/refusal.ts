// A business rule refuses: a returned value and no exception, because the caller must decide what to do.

export interface Refused<Reason extends string> {
  ok: false
  refusal: Reason
}

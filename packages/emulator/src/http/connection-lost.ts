// No answer at all: as a `fetch` the emulator rejects with this, on a socket it hangs up.

export class ConnectionLost extends Error {
  constructor(fault: string) {
    super(`The connection was lost (fault ${fault}).`)
    this.name = 'ConnectionLost'
  }
}

// Thrown when there is to be no answer at all: the emulator's `fetch` rejects with it, and a server closes the socket.

export class ConnectionLost extends Error {
  constructor(fault: string) {
    super(`The connection was lost (fault ${fault}).`)
    this.name = 'ConnectionLost'
  }
}

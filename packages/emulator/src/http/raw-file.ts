// An answer that is a file as it is: WeChat signs no bills (v3-endpoints §5.2, v2-protocol §9).

export class RawFile {
  readonly bytes: Buffer

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }
}

// An answer that is a file and carries no signature: WeChat does not sign bills (v3-endpoints §5.2, v2-protocol §9).

export class RawFile {
  readonly bytes: Buffer

  constructor(bytes: Buffer) {
    this.bytes = bytes
  }
}

// Finds a row that occurs twice. A set of fingerprints of 64 bits, 8 bytes each in one flat table: a Set of strings would need some 100 bytes a row.

const BEGIN_CELLS = 1 << 8

/**
 * For a day of a million rows the table has 16 MB (24 MB while it grows), and the chance that two different rows are taken for one is 1 : 30,000,000.
 * The chance grows with the square of the rows; a file that is refused for it is read again by hand.
 */
export class Fingerprints {
  #table = new Int32Array(2 * BEGIN_CELLS)
  #size = 0
  #low = 0
  #high = 0

  begin(): void {
    this.#low = 0x2545f491
    this.#high = 0x5bd1e995 | 0
  }

  /** Adds these bytes and the fact that they end here. */
  mix(bytes: Uint8Array, start: number, end: number): void {
    let low = this.#low
    let high = this.#high
    let at = start
    for (; at + 4 <= end; at += 4) {
      const word =
        (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24)
      low = Math.imul(turned(low ^ word, 13), 0x7feb352d)
      high = Math.imul(turned(high + word, 19), 0x2c1b3c6d) ^ (low >>> 15)
    }
    for (; at < end; at++) {
      low = Math.imul(turned(low ^ (bytes[at] as number), 13), 0x7feb352d)
      high = Math.imul(turned(high + (bytes[at] as number), 19), 0x2c1b3c6d) ^ (low >>> 15)
    }
    this.#low = low ^ (end - start)
    this.#high = Math.imul(high, 0x297a2d39) + 1
  }

  /** False when the same bytes were added before. */
  add(): boolean {
    if (this.#size * 8 >= this.#table.length * 3) this.#grow()
    const low = spread(this.#low ^ (this.#high >>> 7))
    // Zero marks a free cell.
    const high = spread(this.#high ^ Math.imul(this.#low, 0x85ebca6b)) || 1
    return this.#put(low, high)
  }

  #put(low: number, high: number): boolean {
    const table = this.#table
    const mask = table.length / 2 - 1
    let cell = low & mask
    for (let found = table[2 * cell + 1]; found !== 0; found = table[2 * cell + 1]) {
      if (found === high && table[2 * cell] === low) return false
      cell = (cell + 1) & mask
    }
    table[2 * cell] = low
    table[2 * cell + 1] = high
    this.#size++
    return true
  }

  #grow(): void {
    const old = this.#table
    this.#table = new Int32Array(2 * old.length)
    this.#size = 0
    for (let i = 0; i < old.length; i += 2) {
      if (old[i + 1] !== 0) this.#put(old[i] as number, old[i + 1] as number)
    }
  }
}

function turned(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by))
}

/** Each bit of the input moves about half of the bits of the result. */
function spread(word: number): number {
  let x = word ^ (word >>> 16)
  x = Math.imul(x, 0x21f0aaad)
  x ^= x >>> 15
  x = Math.imul(x, 0x735a2d97)
  return x ^ (x >>> 15)
}

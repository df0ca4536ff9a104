/**
 * The little of protobuf's wire format that TensorBoard's events and ONNX's models need:
 * https://protobuf.dev/programming-guides/encoding
 */

const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** Collects the fields of one message. */
export class Message {
  readonly #chunks: Uint8Array[] = [];

  /** @param value a whole number of at least 0, below 2^53 */
  varint(field: number, value: number): this {
    if (!Number.isSafeInteger(value) || value < 0)
      throw new RangeError(`Field ${field} takes a whole number from 0 to 2^53, not ${value}.`);
    this.#key(field, WIRE.varint);
    this.#number(value);
    return this;
  }

  double(field: number, value: number): this {
    this.#key(field, WIRE.fixed64);
    this.#raw(new Uint8Array(Float64Array.of(value).buffer));
    return this;
  }

  float(field: number, value: number): this {
    this.#key(field, WIRE.fixed32);
    this.#raw(new Uint8Array(Float32Array.of(value).buffer));
    return this;
  }

  string(field: number, text: string): this {
    return this.bytes(field, new TextEncoder().encode(text));
  }

  message(field: number, message: Message): this {
    return this.bytes(field, message.finish());
  }

  bytes(field: number, bytes: Uint8Array): this {
    this.#key(field, WIRE.bytes);
    this.#number(bytes.length);
    this.#raw(bytes);
    return this;
  }

  finish(): Uint8Array {
    const whole = new Uint8Array(this.#chunks.reduce((sum, { length }) => sum + length, 0));
    let offset = 0;
    for (const chunk of this.#chunks) {
      whole.set(chunk, offset);
      offset += chunk.length;
    }
    return whole;
  }

  #key(field: number, wire: number): void {
    this.#number(field * 8 + wire);
  }

  /** Seven bits a byte, the lowest first; division, for shifts end at 32 bits. */
  #number(value: number): void {
    const bytes: number[] = [];
    let rest = value;
    while (rest >= 128) {
      bytes.push((rest % 128) | 128);
      rest = Math.floor(rest / 128);
    }
    bytes.push(rest);
    this.#raw(Uint8Array.from(bytes));
  }

  #raw(bytes: Uint8Array): void {
    this.#chunks.push(bytes);
  }
}

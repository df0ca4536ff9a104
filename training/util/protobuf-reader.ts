/** A field of a message, as it comes: https://protobuf.dev/programming-guides/encoding */
export interface Field {
  readonly field: number;
  /** a whole number, or the bytes of everything else: of a text, a message, a list, or a number of fixed width */
  readonly value: number | Uint8Array;
}

/** Bytes of a value by its wire type, where that says it. */
const FIXED: Readonly<Record<number, number>> = { 1: 8, 5: 4 };
const [VARINT, LENGTH] = [0, 2];

/**
 * Reads a message's fields in turn.
 *
 * @throws Error where the message ends in the middle of a field, or has a wire type that nothing writes any more
 */
export function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  let at = 0;
  const whole = (): number => {
    let [value, scale] = [0, 1];
    for (;;) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error('A protobuf message ends in the middle of a number.');
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
  };
  while (at < bytes.length) {
    const key = whole();
    const [field, wire] = [Math.floor(key / 8), key % 8];
    if (wire === VARINT) {
      yield { field, value: whole() };
      continue;
    }
    const length = wire === LENGTH ? whole() : FIXED[wire];
    if (length === undefined)
      throw new Error(`A protobuf field has the wire type ${wire}, which is not read.`);
    if (at + length > bytes.length)
      throw new Error(`A protobuf message ends in the middle of field ${field}.`);
    yield { field, value: bytes.subarray(at, at + length) };
    at += length;
  }
}

import type { HostWeights } from '@rounz/core/model/weights.ts';

/** The header's length is a multiple of this, so that every float32 tensor begins at a whole one. */
const ALIGNMENT = 8;

/**
 * Tensors in the safetensors format (https://github.com/huggingface/safetensors): 8 bytes of header length, a JSON header
 * padded with spaces, then float32 values, little-endian, one tensor after the other.
 *
 * @param notes the header's `__metadata__`
 */
export function encodeSafetensors(weights: HostWeights, notes: Readonly<Record<string, string>>): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: notes };
  let offset = 0;
  for (const [name, { shape, data }] of weights) {
    const end = offset + 4 * data.length;
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, end] };
    offset = end;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = Math.ceil(text.length / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(8 + length + offset).fill(0x20, 8, 8 + length);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(length), true);
  bytes.set(text, 8);
  let at = 8 + length;
  for (const { data } of weights.values())
    for (const value of data) {
      view.setFloat32(at, value, true);
      at += 4;
    }
  return bytes;
}

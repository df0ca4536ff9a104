export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

export const utf8 = (text: string): Bytes => encoder.encode(text);
/** @throws TypeError where the bytes are no UTF-8 */
export const fromUtf8 = (bytes: Uint8Array): string => decoder.decode(bytes);
export const jsonBytes = (value: unknown): Bytes => utf8(JSON.stringify(value));
export const fromJsonBytes = (bytes: Uint8Array): unknown => JSON.parse(fromUtf8(bytes));

export const concat = (...parts: readonly Uint8Array[]): Bytes => joined(parts);

/** `concat` for as many parts as there may be: a call takes some 100,000 arguments at most. */
export function joined(parts: readonly Uint8Array[]): Bytes {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
/** value of a digit by its character code; others count as 0 */
const DIGITS = new Uint8Array(128);
for (let value = 0; value < 16; value++)
  for (const digit of [value.toString(16), value.toString(16).toUpperCase()])
    DIGITS[digit.charCodeAt(0)] = value;

export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += HEX[byte]!;
  return text;
}

export function fromHex(hex: string): Bytes {
  const bytes = new Uint8Array(hex.length >> 1);
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = ((DIGITS[hex.charCodeAt(i * 2)] ?? 0) << 4) | (DIGITS[hex.charCodeAt(i * 2 + 1)] ?? 0);
  return bytes;
}

export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** @throws DOMException where the text is no base64 */
export const fromBase64 = (text: string): Bytes => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

export const randomBytes = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));

export const sha256 = async (bytes: Bytes): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));

/** Compares without telling by its time where they differ. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!;
  return difference === 0;
}

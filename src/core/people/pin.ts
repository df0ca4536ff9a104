import type { Range } from './limits.ts';

/** A PIN in its normal form, NFKC: full-width digits of a Korean keyboard are digits. */
export const normalPin = (text: string): string => text.normalize('NFKC');

/** Whether a PIN consists of digits alone, as many as asked for. */
export function isPin(text: string, { min, max }: Range): boolean {
  const pin = normalPin(text);
  return /^[0-9]+$/.test(pin) && pin.length >= min && pin.length <= max;
}

/** Digits that are too easily guessed: all the same, or a run such as 123456 or 987654. */
function isSimple(pin: string): boolean {
  const steps = new Set(Array.from(pin.slice(1), (digit, i) => (Number(digit) - Number(pin[i]) + 10) % 10));
  return steps.size === 1 && [0, 1, 9].includes([...steps][0]!);
}

export const isStrongPin = (text: string, limits: Range): boolean =>
  isPin(text, limits) && !isSimple(normalPin(text));

/** What a field for digits keeps of typed or pasted text: its digits, `max` at most. */
export const typedDigits = (text: string, max: number): string =>
  text
    .normalize('NFKC')
    .replace(/[^0-9]/g, '')
    .slice(0, max);

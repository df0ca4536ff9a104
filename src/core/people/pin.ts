import type { Range } from './limits.ts';

/** A PIN in its normal form, NFKC: full-width digits of a Korean keyboard are digits. */
export const normalPin = (text: string): string => text.normalize('NFKC');

/** Whether a PIN consists of digits alone, as many as asked for. */
export function isPin(text: string, { min, max }: Range): boolean {
  const pin = normalPin(text);
  return /^[0-9]+$/.test(pin) && pin.length >= min && pin.length <= max;
}

/** Whether a text is a shorter one again and again, to its end or cut off: 0000, 121212, 12312, abcabc. */
export function isRepetition(text: string): boolean {
  const letters = Array.from(text);
  for (let period = 1; period <= letters.length / 2; period++)
    if (letters.every((letter, i) => letter === letters[i % period])) return true;
  return false;
}

/** A run of digits: 123456, 987654, 890123. */
function isRun(pin: string): boolean {
  const steps = new Set(Array.from(pin.slice(1), (digit, i) => (Number(digit) - Number(pin[i]) + 10) % 10));
  return steps.size === 1 && [1, 9].includes([...steps][0]!);
}

/** A PIN that is none of those which are guessed first. */
export function isStrongPin(text: string, limits: Range): boolean {
  const pin = normalPin(text);
  return isPin(text, limits) && !isRun(pin) && !isRepetition(pin);
}

/** A passphrase long enough to withstand being tried for ever, and no repetition. */
export function isStrongPassphrase(text: string, { min, max }: Range): boolean {
  const { length } = text.normalize('NFKC');
  return length >= min && length <= max && !isRepetition(text.normalize('NFKC'));
}

/** What a field for digits keeps of typed or pasted text: its digits, `max` at most. */
export const typedDigits = (text: string, max: number): string =>
  text
    .normalize('NFKC')
    .replace(/[^0-9]/g, '')
    .slice(0, max);

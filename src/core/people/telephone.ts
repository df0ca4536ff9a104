import type { Range } from './limits.ts';
import { typedDigits } from './pin.ts';

/** digits of any number in its normal form: a local one to the longest of ITU-T E.164 */
const ANY: Range = { min: 7, max: 15 };
/** digits of a Korean number with its leading 0: 02-312-3456 to 010-1234-5678 */
const NATIONAL: Range = { min: 9, max: 11 };
/** digits of a Korean relay number: 0505-123-4567 to 0507-1234-5678 */
const RELAY: Range = { min: 11, max: 12 };
/** digits of a number that is typed with 00 before its country's code, and with a leading 0 after it */
const PREFIXED: Range = { min: ANY.min, max: ANY.max + 3 };

/** Why the kiosk's keypad could not type a number. */
export type TelephoneProblem = 'telephone-symbols' | 'telephone-too-short' | 'telephone-too-long';

/** Signs that part the digits of a number, and invisible ones that come with a copied number. */
const SEPARATORS = /[\s\p{Pd}\p{Cf}\u2212\u00B7./()]/gu;
/** Numbers of companies, 1588-1234, are dialled without an area code. */
const SERVICE = /^1[568][0-9]{6}$/;
/** the country's code, perhaps a needless 0, then a number without its leading 0 */
const KOREA = /^820?([1-9][0-9]{7,10})$/;

interface Parts {
  readonly digits: string;
  /** nothing but digits, separators and one leading + */
  readonly plain: boolean;
}

function partsOf(text: string): Parts {
  const joined = text.normalize('NFKC').replace(/\(\s*0\s*\)/g, '(0)');
  const abroad = /^[\s\p{Cf}(]*(\+|00)/u.test(joined);
  // "+44 (0)20": the 0 in brackets is dialled inside the country alone.
  const bare = (abroad ? joined.replace('(0)', '') : joined).replace(SEPARATORS, '');
  const rest = bare.replace(/^(\+|00)/, '');
  return { digits: typedDigits(rest, Infinity), plain: /^[0-9]*$/.test(rest) };
}

/**
 * A telephone number in the form in which numbers are compared, digits alone: +82, 0082 and (0) become a leading 0; a foreign
 * number keeps its country's code, without + and 00.
 */
export function normalTelephone(text: string): string {
  const { digits } = partsOf(text);
  const korean = KOREA.exec(digits);
  // Without + or 00 no Korean number begins with 82, so it is the country's code.
  if (!korean) return digits;
  const local = korean[1]!;
  return SERVICE.test(local) ? local : `0${local}`;
}

const rangeOf = (digits: string): Range => {
  if (digits.startsWith('00')) return PREFIXED;
  if (digits.startsWith('050')) return RELAY;
  return digits.startsWith('0') ? NATIONAL : ANY;
};

/** What keeps a number from being typed at the kiosk's keypad, which has digits alone; null where it can be. */
export function telephoneProblem(text: string): TelephoneProblem | null {
  if (!partsOf(text).plain) return 'telephone-symbols';
  const digits = normalTelephone(text);
  const { min, max } = rangeOf(digits);
  if (digits.length < min) return 'telephone-too-short';
  return digits.length > max ? 'telephone-too-long' : null;
}

/** What a field for a number keeps of typed or pasted text. A pasted +82 becomes the leading 0 that the keypad would type. */
export function typedTelephone(text: string): string {
  const digits = /[+＋]/.test(text) ? normalTelephone(text) : typedDigits(text, PREFIXED.max);
  return digits.slice(0, rangeOf(digits).max);
}

/** Whether no further digit can follow. */
export const isTelephoneFull = (digits: string): boolean => digits.length === rangeOf(digits).max;

/**
 * The digits under which a record of this number may stand: the normal form first, then what was typed, then the forms of
 * records that were saved before numbers were normalised.
 */
export function telephoneForms(text: string): readonly string[] {
  const normal = normalTelephone(text);
  const local = normal.replace(/^0/, '');
  const isKorean = normal !== local || SERVICE.test(normal);
  const abroad = isKorean ? [`82${local}`, `820${local}`] : [normal];
  return [...new Set([normal, typedDigits(text, Infinity), ...abroad, ...abroad.map((form) => `00${form}`)])];
}

/** As people write it, also while it is being typed: 010-1234-5678, 1588-1234; others undivided. */
export function formatTelephone(digits: string): string {
  if (/^1[568]/.test(digits) && digits.length <= 8) return joined(digits.slice(0, 4), digits.slice(4));
  if (!digits.startsWith('0') || digits.startsWith('00')) return digits;
  const area = digits.startsWith('02') ? 2 : digits.startsWith('050') ? 4 : 3;
  const rest = digits.slice(area);
  const last = rest.length > 7 ? 4 : 3;
  return joined(digits.slice(0, area), rest.slice(0, last), rest.slice(last));
}

const joined = (...groups: readonly string[]): string => groups.filter((group) => group !== '').join('-');

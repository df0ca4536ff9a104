import { InvalidArgumentError } from 'commander';

/** What a numeric option takes, both ends included. */
export interface Range {
  readonly from?: number;
  readonly to?: number;
}

const inWords = ({ from, to }: Range): string =>
  [from === undefined ? '' : ` from ${from}`, to === undefined ? '' : ` to ${to}`].join('');

/** Digits, a point, an exponent; never blank, `0x10` or `Infinity`, which `Number` would take. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function parse(
  text: string,
  kind: string,
  { from = -Infinity, to = Infinity }: Range,
  whole: boolean,
): number {
  const value = NUMBER.test(text) ? Number(text) : Number.NaN;
  const fits = whole ? Number.isSafeInteger(value) : Number.isFinite(value);
  if (!fits || value < from || value > to) throw new InvalidArgumentError(`It takes ${kind}.`);
  return value;
}

/** Parser of an option that is a whole number; commander names the option before what it says. */
export const wholeNumber =
  (range: Range = {}) =>
  (text: string): number =>
    parse(text, `a whole number${inWords(range)}`, range, true);

/** Parser of an option that is any number. */
export const decimal =
  (range: Range = {}) =>
  (text: string): number =>
    parse(text, `a number${inWords(range)}`, range, false);

/** Parser of an option that is several whole numbers; the first that is given replaces the default. */
export function wholeNumbers(range: Range = {}): (text: string) => number[] {
  const given: number[] = [];
  const one = wholeNumber(range);
  return (text) => {
    given.push(one(text));
    return [...given];
  };
}

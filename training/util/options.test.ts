import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { decimal, wholeNumber, wholeNumbers } from './options.ts';

/** What a command gets for these arguments; commander's message where it refuses them. */
function parse(args: readonly string[]): Record<string, unknown> | string {
  let said = '';
  const command = new Command()
    .exitOverride()
    .configureOutput({ writeErr: (text) => (said += text) })
    .option('--jobs <n>', 'processes', wholeNumber({ from: 1, to: 8 }), 2)
    .option('--minutes <n>', 'time', decimal({ from: 0 }))
    .option('--sizes <pixels...>', 'sides', wholeNumbers({ from: 32 }), [64, 112]);
  try {
    return command.parse(args, { from: 'user' }).opts();
  } catch {
    return said.trim();
  }
}

describe('a numeric option', () => {
  it('becomes a number', () => {
    expect(parse(['--jobs', '4', '--minutes', '0.5'])).toMatchObject({ jobs: 4, minutes: 0.5 });
    expect(parse(['--minutes', '1e2'])).toMatchObject({ minutes: 100 });
  });

  it('keeps its default where it is not given', () => {
    expect(parse([])).toEqual({ jobs: 2, sizes: [64, 112] });
  });

  it('takes both ends of its range', () => {
    expect(parse(['--jobs', '1'])).toMatchObject({ jobs: 1 });
    expect(parse(['--jobs', '8'])).toMatchObject({ jobs: 8 });
  });

  it('replaces the default of a list by what is given', () => {
    expect(parse(['--sizes', '48', '80', '96'])).toMatchObject({ sizes: [48, 80, 96] });
  });

  it.each(['abc', '2x', '', ' ', '0x2', '1.5', '0', '9', '-1', 'NaN', 'Infinity', '99999999999999999999'])(
    'refuses "%s" as a whole number from 1 to 8, by its name',
    (text) => {
      expect(parse([`--jobs=${text}`])).toBe(
        `error: option '--jobs <n>' argument '${text}' is invalid. It takes a whole number from 1 to 8.`,
      );
    },
  );

  it.each(['abc', '-0.1', 'Infinity', ''])('refuses "%s" as a number from 0', (text) => {
    expect(parse([`--minutes=${text}`])).toMatch(/'--minutes <n>'.* is invalid. It takes a number from 0\.$/);
  });

  it('refuses one bad number of a list', () => {
    expect(parse(['--sizes', '64', 'wide'])).toMatch(/'--sizes <pixels...>' argument 'wide' is invalid/);
  });
});

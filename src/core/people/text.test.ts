import { describe, expect, it } from 'vitest';
import { PEOPLE } from './limits.ts';
import { isPin, isStrongPin, normalPin, typedDigits } from './pin.ts';
import { cleanName, cleanNote, isNoteTooLong, nameProblem } from './text.ts';

/** Texts of which nothing can be seen. */
const BLANK = [
  '',
  ' ',
  '\n',
  '\t\r\n',
  '\u00A0',
  '\u3000',
  '\u3164',
  '\uFFA0',
  '\u115F\u1160',
  '\u200B',
  '\u200D',
  '\u2060\uFEFF',
  '\u2800',
  '\u2028',
  '\u00AD',
  '\u034F',
  '\u180E',
  '\uFE0F',
  '\uD800',
  '\uDC00\uD800',
  '\uE000',
  '\uFFFF',
  '\u0000\u0007\u007F\u0085',
  '\u202E',
  '\u{E0041}',
  '\u{1D159}',
  '\u0301',
  '\u3164 \u200B\n\u2800',
];

describe('cleanName', () => {
  it.each(BLANK)('sees nothing in %j', (text) => {
    expect(cleanName(text)).toBe('');
    expect(nameProblem(text)).toBe('name-missing');
  });

  it.each([
    ['  김민지 ', '김민지'],
    ['김민지'.normalize('NFD'), '김민지'],
    ['김\n민지', '김 민지'],
    ['김\u200B민\u3164지\u2800', '김민지'],
    ['Anna\u3000\t Lee', 'Anna Lee'],
    ['Anna \u200B Lee', 'Anna Lee'],
    ['\uD83D김\uDE00', '김'],
    ['\u202Eannа', 'annа'],
    ['Zoë'.normalize('NFD'), 'Zoë'],
    ['😀', '😀'],
    ['❤️', '❤️'],
    ['👩‍🔬', '👩‍🔬'],
    ['علی\u200Cرضا', 'علی\u200Cرضا'],
    ['a\u200D', 'a'],
    ['𠮷田', '𠮷田'],
    ["O'Neil-Sánchez Jr.", "O'Neil-Sánchez Jr."],
  ])('keeps of %j %j, and that unchanged', (text, clean) => {
    expect(cleanName(text)).toBe(clean);
    expect(cleanName(clean)).toBe(clean);
    expect(nameProblem(text)).toBeNull();
  });

  it('counts code points of what is kept', () => {
    expect(nameProblem('가'.repeat(PEOPLE.name.max))).toBeNull();
    expect(nameProblem('𠮷'.repeat(PEOPLE.name.max))).toBeNull();
    expect(nameProblem(` ${'가'.normalize('NFD').repeat(PEOPLE.name.max)}\u200B `)).toBeNull();
    expect(nameProblem('가'.repeat(PEOPLE.name.max + 1))).toBe('name-too-long');
  });
});

describe('cleanNote', () => {
  it.each(BLANK)('is empty for %j', (text) => {
    expect(cleanNote(text)).toBe('');
  });

  it('keeps lines and drops what shows nothing', () => {
    expect(cleanNote('왼쪽 다리\r\n\u200B\n  휘었음\u3164 \u2028끝\n')).toBe('왼쪽 다리\n\n  휘었음\n끝');
  });

  it('has a limit', () => {
    expect(isNoteTooLong('가'.repeat(PEOPLE.note.max))).toBe(false);
    expect(isNoteTooLong('가'.repeat(PEOPLE.note.max + 1))).toBe(true);
  });
});

describe('PINs', () => {
  it('are digits of any width, as many as asked for', () => {
    expect(normalPin('１２３４')).toBe('1234');
    for (const pin of ['1234', '１２３４', '123456789012'])
      expect(isPin(pin, PEOPLE.customerPin), pin).toBe(true);
    for (const pin of ['', '123', '1234567890123', '12a4', '١٢٣٤', '12.4'])
      expect(isPin(pin, PEOPLE.customerPin), pin).toBe(false);
  });

  it('that are guessed first are refused to staff and customers: runs and repetitions', () => {
    for (const pin of ['493817', '４９３８１７']) expect(isStrongPin(pin, PEOPLE.staffPin), pin).toBe(true);
    for (const pin of ['49381', '111111', '123456', '987654', '890123', '121212', '123123', '1231231'])
      expect(isStrongPin(pin, PEOPLE.staffPin), pin).toBe(false);
    for (const pin of ['0000', '1234', '4321', '1212', '12121'])
      expect(isStrongPin(pin, PEOPLE.customerPin), pin).toBe(false);
    for (const pin of ['4826', '1357', '1221', '12341'])
      expect(isStrongPin(pin, PEOPLE.customerPin), pin).toBe(true);
  });

  it('are typed as digits, not too many', () => {
    expect(typedDigits('1a２ 3', 12)).toBe('123');
    expect(typedDigits('12345', 4)).toBe('1234');
  });
});

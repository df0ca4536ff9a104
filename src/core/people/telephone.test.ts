import { describe, expect, it } from 'vitest';
import {
  formatTelephone,
  isTelephoneFull,
  normalTelephone,
  telephoneForms,
  telephoneProblem,
  typedTelephone,
} from './telephone.ts';

const MOBILE = [
  '01012345678',
  '010-1234-5678',
  '010 1234 5678',
  '010.1234.5678',
  '010–1234−5678',
  ' (010) 1234-5678 ',
  '(0)10-1234-5678',
  '+82 10-1234-5678',
  '+82-10-1234-5678',
  '+82 (0)10-1234-5678',
  '+82( 0 )10 1234 5678',
  '(+82) 10 1234 5678',
  '+82 010 1234 5678',
  '0082 10 1234 5678',
  '0082 (0)10 1234 5678',
  '82 10 1234 5678',
  '０１０－１２３４－５６７８',
  '＋８２ １０ １２３４ ５６７８',
  '\u202A010-1234-5678\u202C',
  '010\u200B12345678',
];

describe('normalTelephone', () => {
  it.each(MOBILE)('%j is 01012345678', (text) => {
    expect(normalTelephone(text)).toBe('01012345678');
    expect(telephoneProblem(text)).toBeNull();
  });

  it.each([
    ['+82 2-312-3456', '023123456'],
    ['02-312-3456', '023123456'],
    ['+82 31 123 4567', '0311234567'],
    ['+82-1588-1234', '15881234'],
    ['1588-1234', '15881234'],
    ['0507-1234-5678', '050712345678'],
    ['+1 (415) 555-2671', '14155552671'],
    ['001 415 555 2671', '14155552671'],
    ['+44 (0)20 7946 0958', '442079460958'],
    ['+81 90-1234-5678', '819012345678'],
    ['312-3456', '3123456'],
  ])('%s is %s', (text, digits) => {
    expect(normalTelephone(text)).toBe(digits);
    expect(telephoneProblem(text)).toBeNull();
  });
});

describe('telephoneProblem', () => {
  it.each([
    ['', 'telephone-too-short'],
    ['-', 'telephone-too-short'],
    ['010-1234', 'telephone-too-short'],
    ['123456', 'telephone-too-short'],
    ['010-1234-56789', 'telephone-too-long'],
    ['+82 10-1234-56789', 'telephone-too-long'],
    ['+123456789012345 6', 'telephone-too-long'],
    ['010-1234-567a', 'telephone-symbols'],
    ['010-1234-5678 내선 3', 'telephone-symbols'],
    ['010-1234-5678#3', 'telephone-symbols'],
    ['010+12345678', 'telephone-symbols'],
    ['٠١٠١٢٣٤٥٦٧٨', 'telephone-symbols'],
    ['공일공1234567', 'telephone-symbols'],
  ])('%j has the problem %s', (text, problem) => {
    expect(telephoneProblem(text)).toBe(problem);
  });
});

describe('typedTelephone', () => {
  it('can type the normal form of every number that has no problem', () => {
    const numbers = [
      ...MOBILE,
      '1588-1234',
      '0507-1234-5678',
      '+44 (0)20 7946 0958',
      '312-3456',
      '02-312-3456',
    ];
    for (const text of numbers) {
      const digits = normalTelephone(text);
      let typed = '';
      for (const digit of digits) typed = typedTelephone(formatTelephone(typed) + digit);
      expect(typed, text).toBe(digits);
    }
  });

  it('keeps the digits of what is typed or pasted and never grows too long', () => {
    expect(typedTelephone('010-1234-56789')).toBe('01012345678');
    expect(typedTelephone('+82 10-1234-5678')).toBe('01012345678');
    expect(typedTelephone('０１０１２')).toBe('01012');
    expect(typedTelephone('abc')).toBe('');
    expect(isTelephoneFull('0101234567')).toBe(false);
    expect(isTelephoneFull('01012345678')).toBe(true);
    expect(isTelephoneFull('15881234')).toBe(false);
  });
});

describe('telephoneForms', () => {
  /** As records were saved once: whatever is no ASCII digit dropped. */
  const before = (text: string) => text.replace(/\D/g, '');

  it('hold the form under which each spelling was saved before, from whatever the customer types', () => {
    const ascii = MOBILE.filter((text) => /^[\x20-\x7e]*$/.test(text));
    expect(ascii.length).toBeGreaterThan(10);
    for (const typed of ['01012345678', '821012345678', '0082 10 1234 5678'])
      for (const saved of ascii) expect(telephoneForms(typed), `${typed} ${saved}`).toContain(before(saved));
    for (const saved of ['1588-1234', '+82-1588-1234'])
      expect(telephoneForms('15881234')).toContain(before(saved));
    for (const saved of ['+1 415 555 2671', '001 415 555 2671'])
      expect(telephoneForms('14155552671')).toContain(before(saved));
  });

  it('begin with the normal form and hold each once', () => {
    const forms = telephoneForms('+82 10-1234-5678');
    expect(forms[0]).toBe('01012345678');
    expect(new Set(forms).size).toBe(forms.length);
  });
});

describe('formatTelephone', () => {
  it.each([
    ['', ''],
    ['010', '010'],
    ['0101', '010-1'],
    ['0101234', '010-123-4'],
    ['0101234567', '010-123-4567'],
    ['01012345678', '010-1234-5678'],
    ['023123456', '02-312-3456'],
    ['0212345678', '02-1234-5678'],
    ['050712345678', '0507-1234-5678'],
    ['1588', '1588'],
    ['15881234', '1588-1234'],
    ['14155552671', '14155552671'],
    ['00821012345678', '00821012345678'],
  ])('writes %s as %s', (digits, written) => {
    expect(formatTelephone(digits)).toBe(written);
  });
});

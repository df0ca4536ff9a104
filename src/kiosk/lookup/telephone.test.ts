import { describe, expect, it } from 'vitest';
import { digitsOf, formatTelephone } from './telephone.ts';

describe('telephone numbers', () => {
  it.each([
    ['', ''],
    ['010', '010'],
    ['0101', '010-1'],
    ['0101234', '010-123-4'],
    ['0101234567', '010-123-4567'],
    ['01012345678', '010-1234-5678'],
    ['023123456', '02-312-3456'],
    ['0212345678', '02-1234-5678'],
  ])('%s is written %s', (digits, written) => {
    expect(formatTelephone(digits)).toBe(written);
  });

  it('are typed with or without hyphens and never grow too long', () => {
    expect(digitsOf('010-1234-5678', 11)).toBe('01012345678');
    expect(digitsOf('010 1234 56789', 11)).toBe('01012345678');
    expect(digitsOf('abc', 11)).toBe('');
  });
});

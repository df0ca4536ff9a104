import { describe, expect, it } from 'vitest';
import type { StaffPerson } from '../../gallery/contract/staff.ts';
import { found } from './search.ts';

const person = (name: string, enrolledAt: string, over: Partial<StaffPerson> = {}): StaffPerson => ({
  id: name,
  name,
  enrolledAt,
  consent: { version: '1', givenAt: enrolledAt },
  templates: [],
  demo: false,
  note: '',
  telephone: null,
  currentTemplates: 0,
  oldTemplates: 0,
  visits: 0,
  lastVisit: null,
  ...over,
});
const people = [
  person('김민지', '2026-01-01', { note: '뿔테를 찾으심' }),
  person('Alexandra Lee', '2026-01-03', { telephone: '010-1234-5678' }),
  person('이서준', '2026-01-02'),
];
const names = (sought: string) => found(people, sought).map(({ name }) => name);

describe('the search', () => {
  it('shows everyone, the newest first, where nothing is sought', () => {
    expect(names('  ')).toEqual(['Alexandra Lee', '이서준', '김민지']);
  });

  it('finds by name in either case and in decomposed Hangul, by note and by telephone number', () => {
    expect(names('alex')).toEqual(['Alexandra Lee']);
    expect(names('민지'.normalize('NFD'))).toEqual(['김민지']);
    expect(names('뿔테')).toEqual(['김민지']);
    expect(names('12345678')).toEqual(['Alexandra Lee']);
    expect(names('1234-56')).toEqual(['Alexandra Lee']);
    expect(names('+82 10-1234-5678')).toEqual(['Alexandra Lee']);
  });

  it('finds nobody by what nobody has, nor by one or two digits', () => {
    expect(names('박')).toEqual([]);
    expect(names('12')).toEqual([]);
  });
});

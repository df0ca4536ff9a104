import type { StaffPerson } from '../../gallery/types.ts';

/** Letters as they are compared: composed Hangul, no case. */
const folded = (text: string): string => text.normalize('NFC').toLocaleLowerCase();
const digits = (text: string): string => text.replace(/\D/g, '');

/** Those whose name, note or telephone number holds what is sought, the newest first; everyone where nothing is. */
export function found(people: readonly StaffPerson[], sought: string): readonly StaffPerson[] {
  const needle = folded(sought.trim());
  const number = digits(sought);
  const fits = ({ name, note, telephone }: StaffPerson): boolean =>
    folded(name).includes(needle) ||
    folded(note).includes(needle) ||
    (number.length >= 3 && digits(telephone ?? '').includes(number));
  return people.filter(fits).sort((a, b) => b.enrolledAt.localeCompare(a.enrolledAt));
}

import { normalTelephone } from '@rounz/core/people/telephone.ts';
import type { StaffPerson } from '../../gallery/contract/staff.ts';

/** Letters as they are compared: composed Hangul, no case. */
const folded = (text: string): string => text.normalize('NFC').toLocaleLowerCase();

/** Those whose name, note or telephone number holds what is sought, the newest first; everyone where nothing is. */
export function found(people: readonly StaffPerson[], sought: string): readonly StaffPerson[] {
  const needle = folded(sought.trim());
  const number = normalTelephone(sought);
  const fits = ({ name, note, telephone }: StaffPerson): boolean =>
    folded(name).includes(needle) ||
    folded(note).includes(needle) ||
    (number.length >= 3 && normalTelephone(telephone ?? '').includes(number));
  return people.filter(fits).sort((a, b) => b.enrolledAt.localeCompare(a.enrolledAt));
}

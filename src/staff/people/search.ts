import { normalTelephone } from '@rounz/core/people/telephone.ts';
import type { StaffPerson } from '../../gallery/contract/staff.ts';

/** Text in the form in which it is compared: composed Hangul, no case. */
const folded = (text: string): string => text.normalize('NFC').toLocaleLowerCase();

/** People whose name, note or telephone number contains the query, the newest first; all if the query is empty. */
export function found(people: readonly StaffPerson[], sought: string): readonly StaffPerson[] {
  const needle = folded(sought.trim());
  const number = normalTelephone(sought);
  const fits = ({ name, note, telephone }: StaffPerson): boolean =>
    folded(name).includes(needle) ||
    folded(note).includes(needle) ||
    (number.length >= 3 && normalTelephone(telephone ?? '').includes(number));
  return people.filter(fits).sort((a, b) => b.enrolledAt.localeCompare(a.enrolledAt));
}

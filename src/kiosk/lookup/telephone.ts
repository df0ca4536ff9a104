/** Digits of a Korean number, at least and at most: 02-312-3456 to 010-1234-5678. */
export const TELEPHONE_DIGITS = { min: 9, max: 11 } as const;
/** The gallery's rule; see `TelephoneAccess`. */
export const PIN_DIGITS = { min: 4, max: 12 } as const;

export const digitsOf = (text: string, max: number): string => text.replace(/\D/g, '').slice(0, max);

/** As people write it: 010-1234-5678; whatever else begins it is left in groups that grow as it is typed. */
export function formatTelephone(digits: string): string {
  const area = digits.startsWith('02') ? 2 : 3;
  if (digits.length <= area) return digits;
  const rest = digits.slice(area);
  const last = rest.length > 7 ? 4 : 3;
  const groups = rest.length <= last ? [rest] : [rest.slice(0, last), rest.slice(last)];
  return [digits.slice(0, area), ...groups].join('-');
}

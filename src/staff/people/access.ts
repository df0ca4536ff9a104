/** What a telephone number and its PIN must keep to; the gallery asks the same. */
export const ACCESS = { telephone: { min: 7, max: 15 }, pin: { min: 4, max: 12 } } as const;

export type AccessProblem = 'telephone-invalid' | 'pin-invalid';

/** What is wrong with what was typed, each problem at its field. */
export function accessProblems(telephone: string, pin: string): readonly AccessProblem[] {
  const digits = telephone.replace(/\D/g, '').length;
  const problems: AccessProblem[] = [];
  if (digits < ACCESS.telephone.min || digits > ACCESS.telephone.max) problems.push('telephone-invalid');
  if (!/^\d+$/.test(pin) || pin.length < ACCESS.pin.min || pin.length > ACCESS.pin.max)
    problems.push('pin-invalid');
  return problems;
}

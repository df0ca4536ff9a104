import { PEOPLE } from '@rounz/core/people/limits.ts';
import { isPin } from '@rounz/core/people/pin.ts';
import { type TelephoneProblem, telephoneProblem } from '@rounz/core/people/telephone.ts';

/** The problems of a typed number and PIN by field, or null. */
export interface AccessProblems {
  readonly telephone: TelephoneProblem | null;
  readonly pin: 'pin-invalid' | null;
}

export const NO_PROBLEMS: AccessProblems = { telephone: null, pin: null };

export const accessProblems = (telephone: string, pin: string): AccessProblems => ({
  telephone: telephoneProblem(telephone),
  pin: isPin(pin, PEOPLE.customerPin) ? null : 'pin-invalid',
});

export const hasProblem = ({ telephone, pin }: AccessProblems): boolean => telephone !== null || pin !== null;

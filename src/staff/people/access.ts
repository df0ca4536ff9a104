import { PEOPLE } from '@rounz/core/people/limits.ts';
import { isPin, isStrongPin } from '@rounz/core/people/pin.ts';
import { type TelephoneProblem, telephoneProblem } from '@rounz/core/people/telephone.ts';

/** The problems of a typed number and PIN by field, or null. */
export interface AccessProblems {
  readonly telephone: TelephoneProblem | null;
  readonly pin: 'pin-invalid' | 'pin-weak' | null;
}

export const NO_PROBLEMS: AccessProblems = { telephone: null, pin: null };

const pinProblem = (pin: string): AccessProblems['pin'] => {
  if (!isPin(pin, PEOPLE.customerPin)) return 'pin-invalid';
  return isStrongPin(pin, PEOPLE.customerPin) ? null : 'pin-weak';
};

export const accessProblems = (telephone: string, pin: string): AccessProblems => ({
  telephone: telephoneProblem(telephone),
  pin: pinProblem(pin),
});

export const hasProblem = ({ telephone, pin }: AccessProblems): boolean => telephone !== null || pin !== null;

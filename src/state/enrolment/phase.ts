import type { NameProblem } from '@rounz/core/people/text.ts';
import type { Failure } from '../engine/failure.ts';
import type { GreetedPerson } from '../engine/recogniser.ts';
import type { EnrolmentHint } from './capture.ts';

/** What was done, for the last screen. */
export type Saved = 'enrolled' | 'picture-added' | 're-enrolled' | 'consent-renewed' | 'telephone';

/** What the enrolment is doing, and so which screen is on. */
export type EnrolmentPhase =
  /* Staff's screens. */
  | { readonly kind: 'form'; readonly problems: readonly NameProblem[] }
  /** the face is enrolled under another name */
  | { readonly kind: 'duplicate'; readonly name: string; readonly other: GreetedPerson }
  /** the face is not that of the person whose page it is meant for */
  | { readonly kind: 'unlike'; readonly name: string }
  | { readonly kind: 'saving'; readonly name: string }
  /** `seconds`: how long the customer's part took */
  | { readonly kind: 'saved'; readonly name: string; readonly what: Saved; readonly seconds: number }
  | { readonly kind: 'failed'; readonly name: string; readonly failure: Failure }
  /* The customer's screens: the staff console is locked meanwhile. */
  /** asks before the consent whether they are old enough to give it themselves */
  | { readonly kind: 'age'; readonly name: string; readonly renewal: boolean }
  /** they are not: a guardian decides for them */
  | { readonly kind: 'guardian'; readonly name: string; readonly renewal: boolean }
  /** `until`: ISO 8601, when the consent would run out */
  | {
      readonly kind: 'consent';
      readonly name: string;
      readonly until: string;
      readonly renewal: boolean;
      /** the guardian of somebody under age reads it and decides */
      readonly guardian: boolean;
    }
  /** the person said no: nothing was kept */
  | { readonly kind: 'refused'; readonly name: string; readonly renewal: boolean }
  /** the way without a face */
  | {
      readonly kind: 'telephone';
      readonly name: string;
      readonly problem: Failure | null;
      /** the guardian's number, with their consent */
      readonly guardian: boolean;
    }
  | {
      readonly kind: 'capture';
      readonly name: string;
      readonly accepted: number;
      readonly hint: EnrolmentHint | null;
      /** staff may say that the face is bare, whatever the kiosk sees on it */
      readonly mayConfirmBare: boolean;
    }
  /** the customer is done: what follows waits for the staff's PIN */
  | { readonly kind: 'handed-back' };

const CUSTOMERS: readonly EnrolmentPhase['kind'][] = [
  'age',
  'guardian',
  'consent',
  'refused',
  'telephone',
  'capture',
];

/** Whether the customer has the screen, so that nothing of staff's may be within their reach. */
export const isHandedOver = ({ kind }: EnrolmentPhase): boolean => CUSTOMERS.includes(kind);

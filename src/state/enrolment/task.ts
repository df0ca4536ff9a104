import { withoutFace } from '@rounz/core/people/consent.ts';
import type { Clock } from '@rounz/core/time/clock.ts';
import type { Consent } from '../../gallery/contract/person.ts';
import type { StaffPerson } from '../../gallery/contract/staff.ts';
import type { GreetedPerson, Verdict } from '../engine/recogniser.ts';
import type { EnrolmentConfig } from './config.ts';

/** For whom pictures are taken, or a consent asked. */
export type EnrolmentTask =
  | { readonly kind: 'new'; readonly name: string }
  | {
      readonly kind: 'add' | 'replace' | 'renew';
      readonly id: string;
      readonly name: string;
      /** what they agreed to is of an older text */
      readonly consentNeeded: boolean;
      /** the running model has pictures of them to compare with */
      readonly known: boolean;
    };

/** Why the pictures are not saved without a question. */
export type Doubt =
  | { readonly kind: 'enrolled-as'; readonly other: GreetedPerson }
  | { readonly kind: 'unlike' };

/** Another picture of somebody falls under what they agreed to, unless the text has changed since. */
export const needsConsent = (task: EnrolmentTask): boolean =>
  task.kind === 'new' || task.kind === 'renew' || task.consentNeeded;

/** Whether what somebody agreed to is of an older text than today's. Rendered people agree to nothing. */
export const isOutdated = (
  { consent, demo }: Pick<StaffPerson, 'consent' | 'demo'>,
  { consentVersion }: EnrolmentConfig,
): boolean => !demo && consent.version !== consentVersion;

export function taskFor(
  kind: 'add' | 'replace' | 'renew',
  { id, name, consent, demo, currentTemplates }: StaffPerson,
  config: EnrolmentConfig,
): EnrolmentTask {
  const consentNeeded = isOutdated({ consent, demo }, config);
  return { kind, id, name, consentNeeded, known: currentTemplates > 0 };
}

/** Pictures of somebody else must not get into a person's templates, nor a person twice into the gallery. */
export function doubtOf(task: EnrolmentTask, verdict: Verdict): Doubt | null {
  const seen = verdict.kind === 'person' ? verdict.person : null;
  if (task.kind === 'new') return seen && { kind: 'enrolled-as', other: seen };
  if (seen && seen.id !== task.id) return { kind: 'enrolled-as', other: seen };
  return seen || !task.known ? null : { kind: 'unlike' };
}

const DAY = 86_400_000;

/** What the person agrees to now: which text, when, in which language, until when. */
export function consentOf(
  language: string,
  { consentVersion, retentionDays }: EnrolmentConfig,
  clock: Clock,
  way: 'face' | 'telephone' = 'face',
): Required<Omit<Consent, 'by'>> {
  const givenAt = clock.date();
  return {
    version: way === 'face' ? consentVersion : withoutFace(consentVersion),
    givenAt,
    language,
    expiresAt: new Date(Date.parse(givenAt) + retentionDays * DAY).toISOString(),
  };
}

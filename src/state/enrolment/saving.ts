import type { Consent, NewPerson, Template } from '../../gallery/contract/person.ts';
import type { Sample } from '../engine/recogniser.ts';
import type { Saved } from './phase.ts';
import type { EnrolmentTask } from './task.ts';

/** Where the enrolment writes. Each rejects when nothing was written. */
export interface EnrolmentTarget {
  enrol(person: NewPerson): Promise<unknown>;
  addTemplates(id: string, templates: readonly Template[]): Promise<unknown>;
  replaceTemplates(id: string, templates: readonly Template[]): Promise<unknown>;
  noteLookAlike(id: string, other: string): Promise<unknown>;
  renewConsent(id: string, consent: Consent): Promise<unknown>;
}

/** A write that can be tried again. */
export interface Saving {
  readonly what: Saved;
  /** Rejects when nothing was written. */
  write(): Promise<unknown>;
}

/**
 * The write that ends a task.
 *
 * @param agreed what the person agreed to now; null where the consent that they gave before holds
 * @param templates made when it is written; throws where no model runs
 * @param lookAlike id of somebody who looks like them and, as staff said, is another person
 */
export function savingOf(
  task: EnrolmentTask,
  agreed: Consent | null,
  templates: () => readonly Template[],
  target: EnrolmentTarget,
  lookAlike: string | null = null,
): Saving {
  const beforehand = async (id: string): Promise<void> => {
    if (agreed) await target.renewConsent(id, agreed);
    if (lookAlike) await target.noteLookAlike(id, lookAlike);
  };
  switch (task.kind) {
    case 'new':
      return {
        what: 'enrolled',
        write: async () =>
          target.enrol({
            name: task.name,
            consent: agreed!,
            templates: templates(),
            ...(lookAlike ? { lookAlikes: [lookAlike] } : {}),
          }),
      };
    case 'add':
      return {
        what: 'picture-added',
        write: async () => {
          await beforehand(task.id);
          await target.addTemplates(task.id, templates());
        },
      };
    case 'replace':
      return {
        what: 're-enrolled',
        write: async () => {
          await beforehand(task.id);
          await target.replaceTemplates(task.id, templates());
        },
      };
    case 'renew':
      return { what: 'consent-renewed', write: () => beforehand(task.id) };
    default:
      return task satisfies never;
  }
}

/**
 * The templates of the frames that were taken.
 *
 * @throws Error where no model runs
 */
export function templatesOf(
  samples: readonly Sample[],
  modelHash: string | null,
  createdAt: string,
): readonly Template[] {
  if (modelHash === null)
    throw new Error('The recogniser is not running, so nothing was saved. Wait until it is back and retry.');
  return samples.map(({ embedding }) => ({ embedding, modelHash, createdAt }));
}

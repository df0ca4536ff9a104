import { cleanName, type NameProblem, nameProblem } from '@rounz/core/people/text.ts';
import type { Clock } from '@rounz/core/time/clock.ts';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Consent, NewPerson, TelephoneAccess, Template } from '../../gallery/contract/person.ts';
import type { StaffPerson } from '../../gallery/contract/staff.ts';
import type { FrameReport } from '../../vision/protocol.ts';
import { type Failure, failureOf } from '../engine/failure.ts';
import type { FrameConsumer } from '../engine/frame-pump.ts';
import type { GreetedPerson, Recogniser, Sample } from '../engine/recogniser.ts';
import { type Capture, confirmBare, type EnrolmentHint, emptyCapture, offer } from './capture.ts';
import type { EnrolmentConfig } from './config.ts';
import { consentOf, doubtOf, type EnrolmentTask, nameOf, needsConsent, taskFor } from './task.ts';

/** What was done, for the last screen. */
export type Saved = 'enrolled' | 'picture-added' | 're-enrolled' | 'consent-renewed' | 'telephone';

/** Those from `consent` on are the customer's to read; `form`, and what is saved, the staff's. */
export type EnrolmentPhase =
  | { readonly kind: 'form'; readonly problems: readonly NameProblem[] }
  /** `until`: ISO 8601, when the consent would run out */
  | { readonly kind: 'consent'; readonly name: string; readonly until: string; readonly renewal: boolean }
  /** the person said no: nothing was kept */
  | { readonly kind: 'refused'; readonly name: string; readonly renewal: boolean }
  /** the way without a face */
  | { readonly kind: 'telephone'; readonly name: string; readonly problem: Failure | null }
  | {
      readonly kind: 'capture';
      readonly name: string;
      readonly accepted: number;
      readonly hint: EnrolmentHint | null;
      /** staff may say that the face is bare, whatever the kiosk sees on it */
      readonly mayConfirmBare: boolean;
    }
  /** the face is enrolled under another name */
  | { readonly kind: 'duplicate'; readonly name: string; readonly other: GreetedPerson }
  /** the face is not that of the person whose page it is meant for */
  | { readonly kind: 'unlike'; readonly name: string }
  | { readonly kind: 'saving'; readonly name: string }
  | { readonly kind: 'saved'; readonly name: string; readonly what: Saved; readonly seconds: number }
  | { readonly kind: 'failed'; readonly name: string; readonly failure: Failure };

/** Where the enrolment writes. Each rejects when nothing was written. */
export interface EnrolmentTarget {
  enrol(person: NewPerson): Promise<unknown>;
  addTemplates(id: string, templates: readonly Template[]): Promise<unknown>;
  replaceTemplates(id: string, templates: readonly Template[]): Promise<unknown>;
  renewConsent(id: string, consent: Consent): Promise<unknown>;
}

export interface EnrolmentDeps {
  readonly config: EnrolmentConfig;
  readonly clock: Clock;
  /** milliseconds between two frames of the capture */
  readonly interval: number;
  readonly recogniser: Pick<Recogniser, 'findDuplicate'>;
  /** sha256 of the running model; null while there is none */
  readonly modelHash: () => string | null;
  readonly target: EnrolmentTarget;
}

export interface Enrolment {
  readonly store: StoreApi<EnrolmentPhase>;
  readonly consumer: FrameConsumer;
  /** Checks the form; the consent comes next. */
  begin(name: string): void;
  /** The same for somebody who is enrolled; asks for consent where theirs is of an older text, or shall be renewed. */
  beginFor(kind: 'add' | 'replace' | 'renew', person: StaffPerson): void;
  /** The person agreed to the text in that language (BCP 47): pictures are taken from now on. */
  agree(language: string): Promise<void>;
  /** The person said no. */
  refuse(): void;
  /** The person said no and wants their page by telephone and PIN. */
  byTelephone(): void;
  saveTelephone(access: TelephoneAccess, language: string): Promise<void>;
  /** Staff's word that the person wears nothing, where the phase says that they may give it. */
  confirmBare(): void;
  /** Saves although the face is enrolled under another name, or unlike the person's other pictures. */
  saveAnyway(): Promise<void>;
  /** Tries to save once more after a failure. */
  retry(): Promise<void>;
  /** Back to an empty form; what was taken is forgotten. */
  reset(): void;
}

const EMPTY_FORM: EnrolmentPhase = { kind: 'form', problems: [] };

/** Enrolment of one person, from the form to the record. Frames live only here and only until the record is written. */
export function createEnrolment(deps: EnrolmentDeps): Enrolment {
  const { config, clock, target } = deps;
  const store = createStore<EnrolmentPhase>()(() => EMPTY_FORM);
  let task: EnrolmentTask = { kind: 'new', name: '' };
  let consent: Consent | null = null;
  let capture: Capture = emptyCapture;
  let startedAt = 0;

  const show = (phase: EnrolmentPhase) => store.setState(phase, true);
  const name = () => nameOf(task);
  const renewal = () => task.kind === 'renew';

  function start(next: EnrolmentTask): void {
    task = next;
    consent = null;
    if (needsConsent(task)) {
      const until = consentOf('', config, clock).expiresAt;
      show({ kind: 'consent', name: name(), until, renewal: renewal() });
    } else shoot();
  }

  function shoot(): void {
    capture = emptyCapture;
    startedAt = clock.now();
    show({ kind: 'capture', name: name(), accepted: 0, hint: null, mayConfirmBare: false });
  }

  function onReport(report: FrameReport, at: number): void {
    const phase = store.getState();
    if (phase.kind !== 'capture') return;
    capture = offer(capture, report, at, config);
    if (capture.samples.length >= config.frames) conclude();
    else showCapture(phase);
  }

  function showCapture(phase: Extract<EnrolmentPhase, { kind: 'capture' }>): void {
    const { samples, shown, mayConfirmBare } = capture;
    const [accepted, hint] = [samples.length, shown?.hint ?? null];
    if (accepted !== phase.accepted || hint !== phase.hint || mayConfirmBare !== phase.mayConfirmBare)
      show({ ...phase, accepted, hint, mayConfirmBare });
  }

  function conclude(): void {
    const doubt = doubtOf(task, deps.recogniser.findDuplicate(capture.samples));
    if (doubt === null) void saveFace();
    else if (doubt.kind === 'unlike') show({ kind: 'unlike', name: name() });
    else show({ kind: 'duplicate', name: name(), other: doubt.other });
  }

  /** what `retry` does again */
  let again: () => Promise<void> = async () => {};
  async function save(what: Saved, write: () => Promise<unknown>): Promise<void> {
    again = () => save(what, write);
    const mine = task;
    show({ kind: 'saving', name: name() });
    try {
      await write();
      // The console may have been locked or left meanwhile: then there is nothing to tell.
      if (task !== mine || store.getState().kind !== 'saving') return;
      capture = emptyCapture;
      show({ kind: 'saved', name: name(), what, seconds: (clock.now() - startedAt) / 1000 });
    } catch (error) {
      if (task === mine && store.getState().kind === 'saving')
        show({ kind: 'failed', name: name(), failure: failureOf(error) });
    }
  }

  function saveFace(): Promise<void> {
    const [mine, agreed, { samples }] = [task, consent, capture];
    switch (mine.kind) {
      case 'new':
        return save('enrolled', async () =>
          target.enrol({ name: mine.name, consent: agreed!, templates: templatesOf(samples, deps) }),
        );
      case 'add':
        return save('picture-added', async () => {
          if (agreed) await target.renewConsent(mine.id, agreed);
          await target.addTemplates(mine.id, templatesOf(samples, deps));
        });
      case 'replace':
        return save('re-enrolled', async () => {
          if (agreed) await target.renewConsent(mine.id, agreed);
          await target.replaceTemplates(mine.id, templatesOf(samples, deps));
        });
      case 'renew':
        return save('consent-renewed', () => target.renewConsent(mine.id, agreed!));
      default:
        return mine satisfies never;
    }
  }

  return {
    store,
    consumer: {
      plan: () => (store.getState().kind === 'capture' ? { embed: true, interval: deps.interval } : null),
      onReport,
    },
    begin(typed) {
      const problem = nameProblem(typed);
      if (problem) show({ kind: 'form', problems: [problem] });
      else start({ kind: 'new', name: cleanName(typed) });
    },
    beginFor: (kind, person) => start(taskFor(kind, person, config)),
    async agree(language) {
      if (store.getState().kind !== 'consent') return;
      consent = consentOf(language, config, clock);
      startedAt = clock.now();
      if (renewal()) await saveFace();
      else shoot();
    },
    refuse() {
      if (store.getState().kind === 'consent')
        show({ kind: 'refused', name: name(), renewal: task.kind !== 'new' });
    },
    byTelephone() {
      if (store.getState().kind === 'refused') show({ kind: 'telephone', name: name(), problem: null });
    },
    async saveTelephone(access, language) {
      const phase = store.getState();
      if (phase.kind !== 'telephone') return;
      startedAt = clock.now();
      const agreed = consentOf(language, config, clock, 'telephone');
      await save('telephone', () =>
        target.enrol({ name: phase.name, consent: agreed, templates: [], access }),
      );
      // A number or PIN that was refused is corrected where it was typed.
      const after = store.getState();
      if (after.kind === 'failed') show({ ...phase, problem: after.failure });
    },
    confirmBare() {
      const phase = store.getState();
      if (phase.kind !== 'capture') return;
      capture = confirmBare(capture);
      showCapture(phase);
    },
    async saveAnyway() {
      const { kind } = store.getState();
      if (kind === 'duplicate' || kind === 'unlike') await saveFace();
    },
    async retry() {
      if (store.getState().kind === 'failed') await again();
    },
    reset() {
      capture = emptyCapture;
      consent = null;
      task = { kind: 'new', name: '' };
      show(EMPTY_FORM);
    },
  };
}

function templatesOf(samples: readonly Sample[], deps: EnrolmentDeps): readonly Template[] {
  const modelHash = deps.modelHash();
  if (modelHash === null)
    throw new Error('The recogniser is not running, so nothing was saved. Wait until it is back and retry.');
  const createdAt = deps.clock.date();
  return samples.map(({ embedding }) => ({ embedding, modelHash, createdAt }));
}

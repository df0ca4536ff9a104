import { cleanName, nameProblem } from '@rounz/core/people/text.ts';
import type { Clock } from '@rounz/core/time/clock.ts';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Consent, TelephoneAccess } from '../../gallery/contract/person.ts';
import type { StaffPerson } from '../../gallery/contract/staff.ts';
import type { FaceArea, FrameReport } from '../../vision/protocol.ts';
import { failureOf } from '../engine/failure.ts';
import type { FrameConsumer, FramePlan } from '../engine/frame-pump.ts';
import type { Recogniser } from '../engine/recogniser.ts';
import type { OneFace } from '../session/one-face.ts';
import { type Capture, confirmBare, emptyCapture, offer, unseen } from './capture.ts';
import type { EnrolmentConfig } from './config.ts';
import { type EnrolmentPhase, isHandedOver } from './phase.ts';
import { type EnrolmentTarget, type Saving, savingOf, templatesOf } from './saving.ts';
import { consentOf, doubtOf, type EnrolmentTask, needsConsent, taskFor } from './task.ts';

export interface EnrolmentDeps {
  /** read anew each time: the set-up may change it */
  readonly config: EnrolmentConfig;
  readonly clock: Clock;
  /** milliseconds between two frames of the capture */
  readonly interval: number;
  readonly recogniser: Pick<Recogniser, 'findDuplicate'>;
  /** the one person who is looked at */
  readonly oneFace: OneFace;
  /** sha256 of the running model; null while there is none */
  readonly modelHash: () => string | null;
  readonly target: EnrolmentTarget;
  /** The screen is the customer's from now on: the staff console has to be locked. */
  readonly handOver: () => void;
}

/**
 * Enrolment of one person, from the form to the record. Staff begin it. From the consent on the screen is the customer's and
 * the console is locked; what the customer gave is looked at and written once staff have come back (`staffReturned`).
 */
export interface Enrolment {
  readonly store: StoreApi<EnrolmentPhase>;
  readonly consumer: FrameConsumer;
  /** Checks the form; the consent comes next. */
  begin(name: string): void;
  /** The same for somebody who is enrolled; asks for consent where theirs is of an older text, or shall be renewed. */
  beginFor(kind: 'add' | 'replace' | 'renew', person: StaffPerson): void;
  /** The person is of the age from which they decide themselves; or is not, and a guardian is with them. */
  isOfAge(): void;
  isUnderAge(): void;
  guardianIsHere(): void;
  /** The person agreed to the text in that language (BCP 47): pictures are taken from now on. */
  agree(language: string): void;
  /** The person said no. */
  refuse(): void;
  /** The person said no, or is under age, and wants their page by telephone and PIN. */
  byTelephone(): void;
  saveTelephone(access: TelephoneAccess, language: string): void;
  /** Staff's word that the person wears nothing, where the phase says that they may give it. */
  confirmBare(): void;
  /** The customer touched the screen: the time after which it counts as abandoned starts anew. */
  touch(): void;
  /** The console was locked: whatever staff had before them is forgotten, and what the customer is doing goes on. */
  staffLeft(): void;
  /**
   * The console was opened: goes on with what waited for staff.
   *
   * @returns the id of the person whom it is about; null where nothing waited or the person is new
   */
  staffReturned(): string | null;
  /**
   * Saves although the face is unlike the person's other pictures, or looks enrolled under another name: then staff say that
   * these are two people, which is noted in both records.
   */
  saveAnyway(): Promise<void>;
  /** Tries to save once more after a failure. */
  retry(): Promise<void>;
  /** Back to an empty form; what was taken is forgotten. */
  reset(): void;
}

const EMPTY_FORM: EnrolmentPhase = { kind: 'form', problems: [] };
const NO_TASK: EnrolmentTask = { kind: 'new', name: '' };

/** Frames live only in here, and only until the record is written. */
const capturePlan = (interval: number, agreed: FaceArea | undefined): FramePlan => ({
  // Nobody is embedded before one face alone was seen, and then that face alone.
  embed: agreed !== undefined,
  agreed,
  gate: { forEnrolment: true },
  role: 'template',
  interval,
});

export function createEnrolment(deps: EnrolmentDeps): Enrolment {
  const { clock, target, oneFace } = deps;
  const store = createStore<EnrolmentPhase>()(() => EMPTY_FORM);
  let task: EnrolmentTask = NO_TASK;
  let consent: Consent | null = null;
  /** somebody under age: their guardian decides */
  let guardian = false;
  let capture: Capture = emptyCapture;
  let startedAt = 0;
  /** milliseconds that the customer's part took */
  let took = 0;
  /** what follows once staff are back */
  let next: (() => Promise<void>) | null = null;
  /** what `retry` does again */
  let saving: Saving | null = null;
  let cancelAbandon = () => {};
  let cancelUnseen = () => {};

  const phase = () => store.getState();
  const show = (shown: EnrolmentPhase) => store.setState(shown, true);

  /** A screen that nobody touches any more is not left to the next one who comes by. */
  function awaitTouch(): void {
    cancelAbandon();
    cancelAbandon = clock.after(deps.config.abandonAfter, reset);
  }

  function handOver(shown: EnrolmentPhase): void {
    show(shown);
    awaitTouch();
    deps.handOver();
  }

  function handBack(then: () => Promise<void>): void {
    took = clock.now() - startedAt;
    next = then;
    show({ kind: 'handed-back' });
    awaitTouch();
  }

  function start(begun: EnrolmentTask): void {
    task = begun;
    consent = null;
    guardian = false;
    if (needsConsent(task)) handOver({ kind: 'age', name: task.name, renewal: task.kind === 'renew' });
    else shoot();
  }

  function askConsent(): void {
    const until = consentOf('', deps.config, clock).expiresAt;
    handOver({ kind: 'consent', name: task.name, until, renewal: task.kind === 'renew', guardian });
  }

  /** What is agreed to now, and by whom. */
  const agreed = (language: string, way: 'face' | 'telephone'): Consent => ({
    ...consentOf(language, deps.config, clock, way),
    ...(guardian ? { by: 'guardian' } : {}),
  });

  function shoot(): void {
    capture = emptyCapture;
    oneFace.reset();
    startedAt = clock.now();
    handOver({ kind: 'capture', name: task.name, accepted: 0, hint: null, mayConfirmBare: false });
    awaitFrame();
  }

  /** Without any frame "good" is not said for ever. */
  function awaitFrame(): void {
    cancelUnseen();
    cancelUnseen = clock.after(deps.config.goodAtMost, () => {
      const shown = phase();
      if (shown.kind !== 'capture') return;
      capture = unseen(capture, clock.now());
      showCapture(shown);
      awaitFrame();
    });
  }

  function onReport(report: FrameReport, at: number): void {
    const shown = phase();
    if (shown.kind !== 'capture') return;
    capture = offer(capture, oneFace.see(report, at), at, deps.config);
    awaitFrame();
    if (capture.samples.length >= deps.config.frames) handBack(conclude);
    else showCapture(shown);
  }

  function showCapture(before: Extract<EnrolmentPhase, { kind: 'capture' }>): void {
    const { samples, shown, mayConfirmBare } = capture;
    const [accepted, hint] = [samples.length, shown?.hint ?? null];
    const same =
      accepted === before.accepted && hint === before.hint && mayConfirmBare === before.mayConfirmBare;
    if (!same) show({ ...before, accepted, hint, mayConfirmBare });
  }

  async function conclude(): Promise<void> {
    const doubt = doubtOf(task, deps.recogniser.findDuplicate(capture.samples));
    if (doubt === null) await save(savingOfTask());
    else if (doubt.kind === 'unlike') show({ kind: 'unlike', name: task.name });
    else show({ kind: 'duplicate', name: task.name, other: doubt.other });
  }

  function savingOfTask(lookAlike: string | null = null): Saving {
    const { samples } = capture;
    const templates = () => templatesOf(samples, deps.modelHash(), clock.date());
    return savingOf(task, consent, templates, target, lookAlike);
  }

  async function save(now: Saving): Promise<void> {
    saving = now;
    const mine = task;
    const { name } = task;
    const overtaken = () => task !== mine || phase().kind !== 'saving';
    show({ kind: 'saving', name });
    try {
      await now.write();
      // The console may have been locked or left meanwhile: then there is nothing to tell.
      if (overtaken()) return;
      capture = emptyCapture;
      show({ kind: 'saved', name, what: now.what, seconds: took / 1000 });
    } catch (error) {
      if (!overtaken()) show({ kind: 'failed', name, failure: failureOf(error) });
    }
  }

  function reset(): void {
    cancelAbandon();
    cancelUnseen();
    capture = emptyCapture;
    consent = null;
    guardian = false;
    next = null;
    saving = null;
    task = NO_TASK;
    show(EMPTY_FORM);
  }

  return {
    store,
    consumer: {
      plan: () => (phase().kind === 'capture' ? capturePlan(deps.interval, oneFace.area()) : null),
      onReport,
    },
    begin(typed) {
      const problem = nameProblem(typed);
      if (problem) show({ kind: 'form', problems: [problem] });
      else start({ kind: 'new', name: cleanName(typed) });
    },
    beginFor: (kind, person) => start(taskFor(kind, person, deps.config)),
    isOfAge() {
      if (phase().kind === 'age') askConsent();
    },
    isUnderAge() {
      if (phase().kind !== 'age') return;
      guardian = true;
      handOver({ kind: 'guardian', name: task.name, renewal: task.kind !== 'new' });
    },
    guardianIsHere() {
      if (phase().kind === 'guardian') askConsent();
    },
    agree(language) {
      if (phase().kind !== 'consent') return;
      consent = agreed(language, 'face');
      startedAt = clock.now();
      if (task.kind === 'renew') handBack(() => save(savingOfTask()));
      else shoot();
    },
    refuse() {
      if (phase().kind === 'consent')
        handOver({ kind: 'refused', name: task.name, renewal: task.kind !== 'new' });
    },
    byTelephone() {
      const { kind } = phase();
      if (kind === 'refused' || kind === 'guardian')
        handOver({ kind: 'telephone', name: task.name, problem: null, guardian });
    },
    saveTelephone(access, language) {
      const typed = phase();
      if (typed.kind !== 'telephone') return;
      startedAt = clock.now();
      const consented = agreed(language, 'telephone');
      const write = () => target.enrol({ name: typed.name, consent: consented, templates: [], access });
      handBack(async () => {
        await save({ what: 'telephone', write });
        // A number or PIN that was refused is corrected where it was typed.
        const after = phase();
        if (after.kind === 'failed') handOver({ ...typed, problem: after.failure });
      });
    },
    confirmBare() {
      const shown = phase();
      if (shown.kind !== 'capture') return;
      capture = confirmBare(capture);
      showCapture(shown);
    },
    touch() {
      if (isHandedOver(phase())) awaitTouch();
    },
    staffLeft() {
      if (!isHandedOver(phase()) && phase().kind !== 'handed-back') reset();
    },
    staffReturned() {
      if (phase().kind !== 'handed-back') return null;
      cancelAbandon();
      const follow = next;
      next = null;
      void follow?.();
      return task.kind === 'new' ? null : task.id;
    },
    async saveAnyway() {
      const asked = phase();
      if (asked.kind === 'duplicate') await save(savingOfTask(asked.other.id));
      if (asked.kind === 'unlike') await save(savingOfTask());
    },
    async retry() {
      if (phase().kind === 'failed' && saving) await save(saving);
    },
    reset,
  };
}

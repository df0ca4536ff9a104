import { createStore, type StoreApi } from 'zustand/vanilla';
import type { NewPerson, Person } from '../gallery/types.ts';
import type { FrameReport } from '../vision/protocol.ts';
import type { Clock } from './clock.ts';
import type { EnrolmentConfig } from './config.ts';
import { type Capture, type EnrolmentHint, emptyCapture, offer } from './enrolment-capture.ts';
import type { Sample } from './evidence.ts';
import type { FrameConsumer } from './frame-pump.ts';
import type { GreetedPerson, Verdict } from './session-types.ts';
import { words } from './words.ts';

export type FormProblem = 'name-missing' | 'name-too-long' | 'consent-missing';

export type EnrolmentPhase =
  | { readonly kind: 'form'; readonly problems: readonly FormProblem[] }
  | {
      readonly kind: 'capture';
      readonly name: string;
      readonly accepted: number;
      readonly hint: EnrolmentHint | null;
    }
  | { readonly kind: 'duplicate'; readonly name: string; readonly other: GreetedPerson }
  | { readonly kind: 'saving'; readonly name: string }
  | { readonly kind: 'saved'; readonly name: string; readonly seconds: number }
  | { readonly kind: 'failed'; readonly name: string; readonly detail: string };

export interface EnrolmentDeps {
  readonly config: EnrolmentConfig;
  readonly clock: Clock;
  /** milliseconds between two frames of the capture */
  readonly interval: number;
  /** who of the enrolled these frames show, if anybody */
  readonly recognise: (samples: readonly Sample[]) => Verdict;
  /** sha256 of the running model; null while there is none */
  readonly modelHash: () => string | null;
  readonly save: (person: NewPerson) => Promise<Person>;
}

export interface Enrolment {
  readonly store: StoreApi<EnrolmentPhase>;
  readonly consumer: FrameConsumer;
  /** Checks the form and begins to take pictures. */
  start(form: { readonly name: string; readonly consented: boolean }): void;
  /** Saves although the face is enrolled under another name. */
  saveAnyway(): Promise<void>;
  /** Tries to save once more after a failure. */
  retry(): Promise<void>;
  /** Back to an empty form; what was taken is forgotten. */
  reset(): void;
}

/** Enrolment of one person, from the form to the record. Frames live only here and only until the record is written. */
export function createEnrolment(deps: EnrolmentDeps): Enrolment {
  const { config, clock } = deps;
  const store = createStore<EnrolmentPhase>()(() => ({ kind: 'form', problems: [] }));
  let capture: Capture = emptyCapture;
  let consentAt = '';
  let startedAt = 0;

  const show = (phase: EnrolmentPhase) => store.setState(phase, true);

  function start({ name, consented }: { name: string; consented: boolean }): void {
    const problems = formProblems(name, consented, config);
    if (problems.length > 0) {
      show({ kind: 'form', problems });
      return;
    }
    capture = emptyCapture;
    consentAt = clock.date();
    startedAt = clock.now();
    show({ kind: 'capture', name: name.trim(), accepted: 0, hint: null });
  }

  function onReport(report: FrameReport, at: number): void {
    const phase = store.getState();
    if (phase.kind !== 'capture') return;
    capture = offer(capture, report, at, config);
    const accepted = capture.samples.length;
    const hint = capture.shown?.hint ?? null;
    if (accepted >= config.frames) conclude(phase.name);
    else if (accepted !== phase.accepted || hint !== phase.hint) show({ ...phase, accepted, hint });
  }

  function conclude(name: string): void {
    const verdict = deps.recognise(capture.samples);
    if (verdict.kind === 'person') show({ kind: 'duplicate', name, other: verdict.person });
    else void save(name);
  }

  async function save(name: string): Promise<void> {
    show({ kind: 'saving', name });
    try {
      await deps.save(newPerson(name, capture.samples, consentAt, deps));
      capture = emptyCapture;
      show({ kind: 'saved', name, seconds: (clock.now() - startedAt) / 1000 });
    } catch (error) {
      show({ kind: 'failed', name, detail: words(error) });
    }
  }

  return {
    store,
    start,
    consumer: {
      plan: () => (store.getState().kind === 'capture' ? { embed: true, interval: deps.interval } : null),
      onReport,
    },
    async saveAnyway() {
      const phase = store.getState();
      if (phase.kind === 'duplicate') await save(phase.name);
    },
    async retry() {
      const phase = store.getState();
      if (phase.kind === 'failed') await save(phase.name);
    },
    reset() {
      capture = emptyCapture;
      show({ kind: 'form', problems: [] });
    },
  };
}

function formProblems(name: string, consented: boolean, config: EnrolmentConfig): readonly FormProblem[] {
  const length = name.trim().length;
  const problems: FormProblem[] = [];
  if (length === 0) problems.push('name-missing');
  if (length > config.maxNameLength) problems.push('name-too-long');
  if (!consented) problems.push('consent-missing');
  return problems;
}

function newPerson(
  name: string,
  samples: readonly Sample[],
  consentAt: string,
  deps: EnrolmentDeps,
): NewPerson {
  const modelHash = deps.modelHash();
  if (modelHash === null)
    throw new Error('The recogniser is not running, so nothing was saved. Wait until it is back and retry.');
  const createdAt = deps.clock.date();
  return {
    name,
    consent: { version: deps.config.consentVersion, givenAt: consentAt },
    templates: samples.map(({ embedding }) => ({ embedding, modelHash, createdAt })),
  };
}

import { errorMessage } from '@rounz/core/error-message.ts';
import type { Clock } from '@rounz/core/time/clock.ts';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { FrameSource } from '../camera/types.ts';
import type { GalleryEngine } from '../gallery/contract/gallery.ts';
import type { FrameReport, VisionEngine, VisionOptions, VisionReady } from '../vision/protocol.ts';
import type { StateConfig } from './config.ts';
import { createFramePump, type FramePump } from './engine/frame-pump.ts';
import { createHealth, type Health, type HealthState } from './engine/health.ts';
import { createPeople, type People } from './engine/people.ts';
import { createRecogniser } from './engine/recogniser.ts';
import { createEngineSupervisor, type EngineSupervisor, isPassing } from './engine/supervisor.ts';
import { createEnrolment, type Enrolment } from './enrolment/enrolment.ts';
import { consentOf } from './enrolment/task.ts';
import { type Catalogue, createCatalogue } from './session/catalogue.ts';
import { wanted } from './session/machine.ts';
import { createPreferences, type PreferenceStore, type Preferences } from './session/preferences.ts';
import { createSession, type Session } from './session/session.ts';
import { type Speaker, silentSpeaker } from './session/speaker.ts';
import { createVisit, type Visit } from './session/visit.ts';
import { createStaffCall, type StaffCall } from './staff/call.ts';
import { type ConsoleLock, createConsoleLock } from './staff/lock.ts';
import { createStaffRecords, type StaffRecords } from './staff/records.ts';

export interface KioskDeps {
  readonly config: StateConfig;
  readonly clock: Clock;
  readonly source: FrameSource;
  readonly createEngine: () => VisionEngine;
  readonly vision: () => Promise<VisionOptions>;
  readonly openGallery: () => Promise<GalleryEngine>;
  readonly storage: () => Promise<HealthState['storage']>;
  /** false where the address is no secure context: nothing can be started there; true where it is not given */
  readonly secure?: boolean;
  readonly chime: () => void;
  readonly speaker?: Speaker;
  /** the shop's choice of how the kiosk looks and sounds to the next visitor */
  readonly preferences?: Partial<Preferences>;
  readonly catalogue: { readonly folder: string; readonly read: () => Promise<unknown> };
  /** the camera is the demonstration's: every screen says so */
  readonly demo: boolean;
  /** Runs once the engine and the gallery are ready and before the kiosk opens to shoppers (demo people). */
  readonly prepare?: (kiosk: {
    readonly engine: VisionEngine;
    readonly ready: VisionReady;
    readonly people: People;
    readonly onProgress: (done: number, total: number) => void;
  }) => Promise<void>;
}

/** The newest frame's report: changes many times a second, so only the overlay listens, without rendering. */
export interface LiveFrame {
  readonly report: FrameReport | null;
}

/** Everything that the screens talk to. */
export interface Kiosk {
  readonly config: StateConfig;
  readonly clock: Clock;
  readonly demo: boolean;
  readonly source: FrameSource;
  readonly session: Session;
  readonly people: People;
  readonly visit: Visit;
  readonly catalogue: Catalogue;
  readonly preferences: PreferenceStore;
  readonly speaker: Speaker;
  readonly enrolment: Enrolment;
  readonly health: Health;
  readonly staffCall: StaffCall;
  /** the lock of the staff console, and what lies behind it */
  readonly consoleLock: ConsoleLock;
  readonly staffRecords: StaffRecords;
  readonly live: StoreApi<LiveFrame>;
  readonly pump: FramePump;
  /** Starts camera, engine, gallery and loop; the result stops them all. */
  run(): () => Promise<void>;
  /** Starts afresh what is out of order. */
  retry(): Promise<void>;
}

/** Puts the parts together. Nothing starts before `run`. */
export function createKiosk(deps: KioskDeps): Kiosk {
  const { config, clock, source } = deps;
  const live = createStore<LiveFrame>()(() => ({ report: null }));
  const people = createPeople(deps.openGallery);
  const staffCall = createStaffCall(clock, config.staffCall, deps.chime);
  const running = (): VisionEngine | null => supervisor.current();
  const health = createHealth({ clock, config: config.health, engine: running, storage: deps.storage });

  const modelHash = (): string | null => health.store.getState().ready?.modelHash ?? null;
  const recogniser = createRecogniser(people, modelHash);

  const session = createSession({ config: config.session, recogniser }, clock, config.pump);
  const staffRecords = createStaffRecords(people);
  const consoleLock = createConsoleLock(people, clock, config.staff);
  const catalogue = createCatalogue(deps.catalogue.folder, deps.catalogue.read, health.error);
  const visit = createVisit({
    session,
    customers: () => people.engine()?.customers ?? null,
    clock,
    onError: health.error,
    consent: (language) => consentOf(language, config.enrolment, clock),
    onPersonChanged: people.refresh,
    sameVisit: config.session.sameVisit,
  });
  const enrolment = createEnrolment({
    config: config.enrolment,
    clock,
    interval: config.pump.servingInterval,
    recogniser,
    modelHash,
    target: {
      enrol: people.enrol,
      addTemplates: (id, templates) =>
        staffRecords.changePerson(id, (desk) => desk.addTemplates(id, templates)),
      replaceTemplates: (id, templates) =>
        staffRecords.changePerson(id, (desk) => desk.replaceTemplates(id, templates)),
      renewConsent: (id, consent) => staffRecords.changePerson(id, (desk) => desk.renewConsent(id, consent)),
    },
  });

  const supervisor: EngineSupervisor = createEngineSupervisor({
    create: deps.createEngine,
    options: deps.vision,
    config: config.engine,
    onProgress: (progress) => session.send({ type: 'progress', progress }),
    onState: (state, ready) => {
      health.setReady(ready);
      if (state.kind === 'failed') health.error(state.detail);
      if (ready) void open(ready);
      else session.send({ type: 'system', system: 'engine', state });
    },
  });

  /** while true the engine belongs to `prepare` alone */
  let preparing = false;
  /** The engine is ready: prepares what has to be there before the first shopper, then opens. */
  async function open(ready: VisionReady): Promise<void> {
    const engine = supervisor.current();
    if (!engine) return;
    preparing = true;
    const onProgress = (done: number, total: number) =>
      session.send({ type: 'progress', progress: { stage: 'people', done, total } });
    try {
      await galleryOpen;
      await people.engine()?.matcher.setModel(ready);
      if (people.store.getState().kind === 'open')
        await deps.prepare?.({ engine, ready, people, onProgress });
    } catch (error) {
      // Recognition of everybody else works without it, so the kiosk opens all the same and staff can read why.
      health.error(errorMessage(error));
    }
    preparing = false;
    if (supervisor.current() === engine)
      session.send({ type: 'system', system: 'engine', state: { kind: 'ready' } });
  }

  const pump = createFramePump({
    source,
    engine: () => (preparing ? null : running()),
    clock,
    config: config.pump,
    onSuccess: (report) => {
      supervisor.succeeded();
      health.frame(report);
      live.setState({ report });
    },
    onError: (error) => {
      if (!isPassing(error)) health.error(errorMessage(error));
      supervisor.failed(error);
    },
  });

  const secure = deps.secure ?? true;
  function start(): void {
    if (!secure) {
      const failed = { kind: 'failed', reason: 'insecure-address', detail: '' } as const;
      for (const system of ['engine', 'gallery'] as const)
        session.send({ type: 'system', system, state: failed });
      return;
    }
    galleryOpen = openPeople();
    void source.start();
    void supervisor.start();
    pump.start();
  }

  let galleryOpen: Promise<void> = Promise.resolve();
  async function openPeople(): Promise<void> {
    session.send({ type: 'system', system: 'gallery', state: { kind: 'pending' } });
    await people.open();
    const state = people.store.getState();
    if (state.kind === 'failed') {
      health.error(state.detail);
      const failed = { kind: 'failed', reason: 'gallery-unavailable', detail: state.detail } as const;
      session.send({ type: 'system', system: 'gallery', state: failed });
    } else {
      const { ready } = health.store.getState();
      if (ready) await people.engine()?.matcher.setModel(ready);
      session.send({ type: 'system', system: 'gallery', state: { kind: 'ready' } });
    }
  }

  return {
    config,
    clock,
    demo: deps.demo,
    source,
    session,
    people,
    visit,
    catalogue,
    preferences: createPreferences(deps.preferences),
    speaker: deps.speaker ?? silentSpeaker,
    enrolment,
    health,
    staffCall,
    consoleLock,
    staffRecords,
    live,
    pump,
    run() {
      const unsubscribe = source.subscribe((state) => session.send({ type: 'camera', state }));
      session.send({ type: 'camera', state: source.state });
      const release = pump.use(session.consumer);
      const forget = session.store.subscribe(({ phase }) => {
        // Nobody is looked at any more: marks of the last frame must not stay over a new picture.
        if (wanted(phase) === 'nothing' && live.getState().report) live.setState({ report: null });
      });
      const shut = consoleLock.store.subscribe((lock) => {
        // Whatever staff had before them is gone once the console is locked, half a face too.
        if (lock.kind === 'open' || lock.kind === 'waiting') return;
        if (staffRecords.store.getState().list.kind !== 'unread') staffRecords.clear();
        if (enrolment.store.getState().kind !== 'form') enrolment.reset();
      });
      const stopTicks = session.run();
      const stopVisit = visit.run();
      void catalogue.open();
      start();
      return async () => {
        stopTicks();
        stopVisit();
        staffCall.cancel();
        unsubscribe();
        release();
        forget();
        shut();
        source.stop();
        await pump.stop();
        await supervisor.stop();
        people.close();
      };
    },
    async retry() {
      if (!secure) return;
      const { engine, gallery, camera } = session.store.getState().systems;
      if (gallery.kind === 'failed') galleryOpen = openPeople();
      if (camera.kind === 'problem') void source.start();
      if (engine.kind === 'failed') await supervisor.start();
      await galleryOpen;
    },
  };
}

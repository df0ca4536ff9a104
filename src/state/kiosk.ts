import { CHALLENGE } from '@rounz/core/liveness/config.ts';
import { drawsOf } from '@rounz/core/math/random.ts';
import type { Clock } from '@rounz/core/time/clock.ts';
import type { StoreApi } from 'zustand/vanilla';
import type { FrameSource } from '../camera/types.ts';
import type { GalleryEngine } from '../gallery/contract/gallery.ts';
import type { KeptRecogniser } from '../gallery/contract/recogniser.ts';
import type { VisionEngine, VisionOptions } from '../vision/protocol.ts';
import type { StateConfig } from './config.ts';
import { createFramePump, type FramePump } from './engine/frame-pump.ts';
import { createHealth, type Health, type HealthState } from './engine/health.ts';
import { framesToName, type ModelSetUp } from './engine/model-choice.ts';
import { createPeople, type People } from './engine/people.ts';
import { createRecogniser } from './engine/recogniser.ts';
import { createStartup, type Prepare, type StartProgress, type Startup } from './engine/startup.ts';
import { createEnrolment, type Enrolment } from './enrolment/enrolment.ts';
import { consentOf } from './enrolment/task.ts';
import { createHealing, type Healing, type HealingHands } from './healing/kiosk-healing.ts';
import { createPresence } from './healing/presence.ts';
import { type Catalogue, createCatalogue } from './session/catalogue.ts';
import { createChallenge } from './session/challenge.ts';
import { createFaceFit, type FaceFit } from './session/fit.ts';
import { createLiveFrames, type LiveFrame } from './session/live-frame.ts';
import { createOneFace } from './session/one-face.ts';
import { createPreferences, type PreferenceStore, type Preferences } from './session/preferences.ts';
import { createPresenceCheck } from './session/presence.ts';
import { createSession, type Session } from './session/session.ts';
import { type Speaker, silentSpeaker } from './session/speaker.ts';
import { createVisit, type Visit } from './session/visit.ts';
import { followCamera } from './settings/follow-camera.ts';
import { createSettings, type KioskSettings, type Override } from './settings/settings.ts';
import { createSight, type Sight, type ViewMemory } from './sight/kiosk-sight.ts';
import { createStaffCall, type StaffCall } from './staff/call.ts';
import { createKioskTest, type KioskTest } from './staff/kiosk-test.ts';
import { type ConsoleEvent, type ConsoleLock, createConsoleLock } from './staff/lock.ts';
import { createRecogniserChange, type RecogniserChange } from './staff/recogniser-change.ts';
import { createStaffRecords, type StaffRecords } from './staff/records.ts';
import type { SetUpCode } from './staff/set-up-code.ts';
import { createUpkeep, type UpkeepMemory, type UpkeepNotes } from './upkeep/upkeep.ts';

export interface KioskDeps {
  readonly config: StateConfig;
  readonly clock: Clock;
  readonly source: FrameSource;
  readonly createEngine: () => VisionEngine;
  /** how the engine is started, with the recogniser that the set-up calls for */
  readonly vision: (setUp: ModelSetUp) => Promise<VisionOptions>;
  /** tells what is kept of the recogniser as soon as it knows */
  readonly openGallery: (onRecogniser: (kept: KeptRecogniser) => void) => Promise<GalleryEngine>;
  readonly storage: () => Promise<HealthState['storage']>;
  /** false where the address is no secure context: nothing can be started there; true where it is not given */
  readonly secure?: boolean;
  /** none is needed where it is not given */
  readonly setUpCode?: SetUpCode;
  readonly chime: () => void;
  readonly speaker?: Speaker;
  /** the shop's choice of how the kiosk looks and sounds to the next visitor */
  readonly preferences?: Partial<Preferences>;
  /** what the address says of the shop's settings, for this run alone */
  readonly override?: Override;
  readonly catalogue: { readonly folder: string; readonly read: () => Promise<unknown> };
  /** names of the recognisers that can be chosen, the preferred first; none where it is not given */
  readonly models?: () => Promise<readonly string[]>;
  /** the camera is the demonstration's: every screen says so */
  readonly demo: boolean;
  readonly prepare?: Prepare;
  /** small notes that outlive the page: the view of set-up, the last backup; nothing is kept where they are not given */
  readonly notes?: { readonly view: ViewMemory; readonly backup: UpkeepMemory };
  /** whether the page is cross-origin isolated; true where it is not given */
  readonly isolated?: boolean;
  /** what the kiosk mends itself with; without it a fault waits for a touch */
  readonly healing?: HealingHands;
}

/** Everything that the screens talk to. */
export interface Kiosk {
  readonly config: StateConfig;
  readonly clock: Clock;
  readonly demo: boolean;
  readonly source: FrameSource;
  readonly session: Session;
  /** what the shop has set up */
  readonly settings: KioskSettings;
  readonly people: People;
  readonly visit: Visit;
  readonly catalogue: Catalogue;
  /** how wide the face of the page's owner is, when they ask */
  readonly fit: FaceFit;
  readonly preferences: PreferenceStore;
  readonly speaker: Speaker;
  readonly enrolment: Enrolment;
  readonly health: Health;
  readonly staffCall: StaffCall;
  /** the lock of the staff console, and what lies behind it */
  readonly consoleLock: ConsoleLock;
  readonly staffRecords: StaffRecords;
  readonly recogniserChange: RecogniserChange;
  /** what is broken, and what is done about it */
  readonly healing: Healing;
  /** whether the camera sees */
  readonly sight: Sight;
  readonly upkeep: UpkeepNotes;
  readonly isolated: boolean;
  /** the kiosk tries itself with somebody who stands before it */
  readonly kioskTest: KioskTest;
  /** the newest frame's report, for the marks over the mirror */
  readonly live: StoreApi<LiveFrame>;
  readonly pump: FramePump;
  /** Starts camera, engine, gallery and loop; the result stops them all. */
  run(): () => Promise<void>;
  /** Starts afresh what is out of order. */
  retry(): Promise<void>;
}

const noNote = { read: () => null, write: () => {} };
const noNotes = { view: noNote, backup: noNote };

/** Puts the parts together. Nothing starts before `run`. */
export function createKiosk(deps: KioskDeps): Kiosk {
  const { config, clock, source, secure = true } = deps;
  let tellKept = (_: KeptRecogniser): void => {};
  let kept = new Promise<KeptRecogniser>((resolve) => {
    tellKept = resolve;
  });
  const people = createPeople(() => deps.openGallery(tellKept));
  const settings = createSettings(people, deps.override);
  const now = () => inForce(config, settings);
  const health = createHealth({
    clock,
    config: config.health,
    engine: () => startup.engine(),
    storage: deps.storage,
  });
  const modelHash = (): string | null => health.store.getState().ready?.modelHash ?? null;
  const recogniser = createRecogniser(people, modelHash);
  const session = createSession(
    {
      get config() {
        return now().session;
      },
      recogniser,
    },
    clock,
    config.pump,
  );
  const live = createLiveFrames(session);
  const progressed = (progress: StartProgress) => {
    healing.progress();
    session.send({ type: 'progress', progress });
  };
  const startup: Startup = createStartup({
    config: config.engine,
    createEngine: deps.createEngine,
    vision: () =>
      deps.vision({
        config: config.modelChoice,
        clock,
        createEngine: deps.createEngine,
        kept,
        record: async () => (await people.opened()).recogniser,
        frames: framesToName(config.session),
        interval: config.pump.servingInterval,
        onProgress: progressed,
        onChosen: health.setModel,
        onProblem: health.error,
      }),
    people,
    health,
    prepare: deps.prepare,
    onProgress: progressed,
    onSystem: (system, state) => {
      if (healing.system(system, state)) session.send({ type: 'system', system, state });
    },
  });
  const pump = createFramePump({
    source,
    engine: startup.engineForFrames,
    clock,
    config: config.pump,
    onSuccess: (report) => {
      startup.succeeded(report);
      healing.frame();
      if (!deps.demo) sight.frame(report, session.store.getState().phase.kind === 'attract');
      live.show(report);
    },
    onError: startup.failed,
  });
  const { notes = noNotes } = deps;
  const sight = createSight({
    config: config.sight,
    clock,
    source,
    memory: notes.view,
    onError: health.error,
  });
  const catalogue = createCatalogue(deps.catalogue.folder, deps.catalogue.read, health.error);
  const visit = createVisit({
    session,
    customers: () => people.engine()?.customers ?? null,
    clock,
    challenge: createChallenge({
      pump,
      session,
      recogniser,
      clock,
      config: CHALLENGE,
      sessionConfig: config.session,
      draws: drawsOf(() => crypto.getRandomValues(new Uint32Array(1))[0]! / 2 ** 32),
      interval: config.pump.servingInterval,
    }),
    presence: createPresenceCheck({
      pump,
      watcher: session.consumer,
      recogniser,
      clock,
      config: config.session,
      interval: config.pump.servingInterval,
    }),
    onError: (error) => healing.refused(error),
    consent: (language) => consentOf(language, now().enrolment, clock),
    onPersonChanged: people.refresh,
    sameVisit: config.session.sameVisit,
  });
  const fit = createFaceFit({
    pump,
    session,
    clock,
    config: config.fit,
    sessionConfig: config.session,
    interval: config.pump.servingInterval,
  });
  const staffCall = createStaffCall(clock, config.staffCall, deps.chime);
  const consoleLock = createConsoleLock(people, clock, config.staff, deps.setUpCode);
  const staffRecords = createStaffRecords(people);
  const { changePerson } = staffRecords;
  const recogniserChange = createRecogniserChange({
    names: deps.models ?? (async () => []),
    records: staffRecords,
    record: () => people.engine()?.recogniser ?? null,
    clock,
    limit: config.modelChoice.limit,
    restart() {
      // What was told at the opening holds no more.
      kept = people.opened().then(({ recogniser: now }) => ({ choice: now.choice(), race: now.race() }));
      void startup.restart({ engine: true, gallery: false });
    },
  });
  const kioskTest = createKioskTest({
    config: config.kioskTest,
    clock,
    frames: framesToName(config.session),
    interval: config.pump.servingInterval,
    oneFace: createOneFace(config.session),
    limit: config.modelChoice.limit,
  });
  const enrolment = createEnrolment({
    get config() {
      return now().enrolment;
    },
    clock,
    interval: config.pump.servingInterval,
    recogniser,
    oneFace: createOneFace(config.session),
    modelHash,
    target: {
      enrol: (person) => people.enrol(person).catch(healing.rethrown),
      addTemplates: (id, templates) => changePerson(id, (desk) => desk.addTemplates(id, templates)),
      replaceTemplates: (id, templates) => changePerson(id, (desk) => desk.replaceTemplates(id, templates)),
      noteLookAlike: (id, other) => staffRecords.change((desk) => desk.noteLookAlike(id, other)),
      renewConsent: (id, agreed) => changePerson(id, (desk) => desk.renewConsent(id, agreed)),
    },
    handOver: consoleLock.lock,
  });

  const presence = createPresence({
    clock,
    session: session.store,
    enrolment: enrolment.store,
    consoleLock: consoleLock.store,
  });
  const healing = createHealing({
    config: config.healing,
    clock,
    session,
    source,
    startup: () => startup,
    health,
    presence,
    hands: secure ? deps.healing : undefined,
  });

  /** Whatever staff had before them goes with their key. An enrolment that the customer has at hand waits for them. */
  function onConsole(event: ConsoleEvent): void {
    if (event === 'opened') staffRecords.select(enrolment.staffReturned());
    else staffRecords.clear();
    if (event === 'locked') enrolment.staffLeft();
    if (event !== 'opened') kioskTest.stop();
    if (event === 'left') enrolment.reset();
  }

  return {
    config,
    clock,
    demo: deps.demo,
    source,
    session,
    settings,
    people,
    visit,
    catalogue,
    fit,
    preferences: createPreferences(deps.preferences),
    speaker: deps.speaker ?? silentSpeaker,
    enrolment,
    health,
    staffCall,
    consoleLock,
    staffRecords,
    recogniserChange,
    healing,
    sight,
    upkeep: createUpkeep(notes.backup, clock),
    isolated: deps.isolated ?? true,
    kioskTest,
    live: live.store,
    pump,
    run() {
      session.send({ type: 'camera', state: source.state });
      const ends = [
        source.subscribe((state) => session.send({ type: 'camera', state })),
        pump.use(session.consumer),
        settings.run(),
        followCamera(source, settings, secure),
        live.run(),
        consoleLock.watch(onConsole),
        session.run(),
        visit.run(),
        staffCall.cancel,
        healing.run(),
        sight.run(),
      ];
      void catalogue.open();
      if (secure) {
        startup.start();
        pump.start();
      } else startup.refuse('insecure-address');
      return async () => {
        for (const end of ends) end();
        source.stop();
        await pump.stop();
        await startup.stop();
        people.close();
      };
    },
    async retry() {
      if (!secure) return;
      const { engine, gallery, camera } = session.store.getState().systems;
      if (camera.kind === 'problem') void source.start();
      await startup.restart({ engine: engine.kind === 'failed', gallery: gallery.kind === 'failed' });
    },
  };
}

/** The kiosk's numbers with what the shop has set up. */
function inForce({ session, enrolment }: StateConfig, { store }: KioskSettings) {
  const { asking, retentionDays } = store.getState().inForce;
  return { session: { ...session, asking: asking.kind }, enrolment: { ...enrolment, retentionDays } };
}

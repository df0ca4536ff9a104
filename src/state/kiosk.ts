import { CHALLENGE } from '@rounz/core/liveness/config.ts';
import { drawsOf } from '@rounz/core/math/random.ts';
import type { KeptRecogniser } from '../gallery/contract/recogniser.ts';
import type { StateConfig } from './config.ts';
import { createFramePump } from './engine/frame-pump.ts';
import { createHealth } from './engine/health.ts';
import { framesToName } from './engine/model-choice.ts';
import { createPeople } from './engine/people.ts';
import { createRecogniser } from './engine/recogniser.ts';
import { createStartup, type StartProgress, type Startup } from './engine/startup.ts';
import { createEnrolment } from './enrolment/enrolment.ts';
import { consentOf } from './enrolment/task.ts';
import { createHealing } from './healing/kiosk-healing.ts';
import { createPresence } from './healing/presence.ts';
import type { Kiosk, KioskDeps } from './kiosk-types.ts';
import { createCatalogue } from './session/catalogue.ts';
import { createChallenge } from './session/challenge.ts';
import { createFaceFit } from './session/fit.ts';
import { createLiveFrames } from './session/live-frame.ts';
import { countLooks } from './session/looks.ts';
import { createOneFace } from './session/one-face.ts';
import { createPreferences } from './session/preferences.ts';
import { createPresenceCheck } from './session/presence.ts';
import { createSession } from './session/session.ts';
import { silentSpeaker } from './session/speaker.ts';
import { createVisit } from './session/visit.ts';
import { followCamera } from './settings/follow-camera.ts';
import { createPassiveLoader } from './settings/passive.ts';
import { createSettings, type KioskSettings } from './settings/settings.ts';
import { createSight } from './sight/kiosk-sight.ts';
import { createStaffCall } from './staff/call.ts';
import { createKioskTest } from './staff/kiosk-test.ts';
import { type ConsoleEvent, createConsoleLock } from './staff/lock.ts';
import { createRecogniserChange } from './staff/recogniser-change.ts';
import { createStaffRecords } from './staff/records.ts';
import { createUpkeep } from './upkeep/upkeep.ts';

const noNote = { read: () => null, write: () => {} };
const noNotes = { view: noNote, backup: noNote };

/** Puts the parts together. Nothing starts before `run`. */
export function createKiosk(deps: KioskDeps): Kiosk {
  const { config, clock, source, secure = true } = deps;
  let tellKept = (_: KeptRecogniser): void => {};
  let kept = new Promise<KeptRecogniser>((resolve) => {
    tellKept = resolve;
  });
  const people = createPeople(() =>
    deps.openGallery((news) => {
      tellKept(news.recogniser);
      settings.heard(news.settings);
    }),
  );
  const settings: KioskSettings = createSettings(people, deps.override);
  const now = () => inForce(config, settings);
  const health = createHealth({
    clock,
    config: config.health,
    engine: () => startup.engine(),
    storage: deps.storage,
  });
  const passive = createPassiveLoader({
    settings,
    health,
    engine: () => startup.engineForFrames(),
    folder: config.engine.passiveFolder,
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
    fitOut: passive.prepare,
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
    onDoubt: health.doubted,
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
    installed: deps.models ?? (async () => []),
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
        passive.run(),
        followCamera(source, settings, secure),
        live.run(),
        consoleLock.watch(onConsole),
        session.run(),
        visit.run(),
        countLooks({
          session: session.store,
          tally: () => people.engine()?.tally ?? null,
          clock,
          sameVisit: config.session.sameVisit,
        }),
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
  const { asking, retentionDays, passive } = store.getState().inForce;
  return {
    session: { ...session, asking: asking.kind, passive },
    enrolment: { ...enrolment, retentionDays },
  };
}

import type { Clock } from '@rounz/core/time/clock.ts';
import type { StoreApi } from 'zustand/vanilla';
import type { FrameSource } from '../camera/types.ts';
import type { EarlyNews, GalleryEngine } from '../gallery/contract/gallery.ts';
import type { VisionEngine, VisionOptions } from '../vision/protocol.ts';
import type { StateConfig } from './config.ts';
import type { FramePump } from './engine/frame-pump.ts';
import type { Health, HealthState } from './engine/health.ts';
import type { InstalledModel, ModelSetUp } from './engine/model-choice.ts';
import type { People } from './engine/people.ts';
import type { Prepare } from './engine/startup.ts';
import type { Enrolment } from './enrolment/enrolment.ts';
import type { Healing, HealingHands } from './healing/kiosk-healing.ts';
import type { Catalogue } from './session/catalogue.ts';
import type { FaceFit } from './session/fit.ts';
import type { LiveFrame } from './session/live-frame.ts';
import type { PreferenceStore, Preferences } from './session/preferences.ts';
import type { Session } from './session/session.ts';
import type { Speaker } from './session/speaker.ts';
import type { Visit } from './session/visit.ts';
import type { KioskSettings, Override } from './settings/settings.ts';
import type { Sight, ViewMemory } from './sight/kiosk-sight.ts';
import type { StaffCall } from './staff/call.ts';
import type { KioskTest } from './staff/kiosk-test.ts';
import type { ConsoleLock } from './staff/lock.ts';
import type { RecogniserChange } from './staff/recogniser-change.ts';
import type { StaffRecords } from './staff/records.ts';
import type { SetUpCode } from './staff/set-up-code.ts';
import type { UpkeepMemory, UpkeepNotes } from './upkeep/upkeep.ts';

/** What the kiosk is put together from; tests give fakes. */
export interface KioskDeps {
  readonly config: StateConfig;
  readonly clock: Clock;
  readonly source: FrameSource;
  readonly createEngine: () => VisionEngine;
  /** how the engine is started, with the recogniser that the set-up calls for */
  readonly vision: (setUp: ModelSetUp) => Promise<VisionOptions>;
  /** tells what is kept of the recogniser as soon as it knows */
  readonly openGallery: (onEarlyNews: (news: EarlyNews) => void) => Promise<GalleryEngine>;
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
  /** the recognisers that can be chosen, the preferred first; none where it is not given */
  readonly models?: () => Promise<readonly InstalledModel[]>;
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

import type { Settings } from '@rounz/core/settings/settings.ts';
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { HealthState } from './engine/health.ts';
import type { PeopleState } from './engine/people.ts';
import type { EnrolmentPhase } from './enrolment/phase.ts';
import type { HealerState } from './healing/healer.ts';
import type { Kiosk } from './kiosk-types.ts';
import type { CatalogueState } from './session/catalogue.ts';
import type { LiveFrame } from './session/live-frame.ts';
import type { SessionModel } from './session/model/types.ts';
import type { Preferences } from './session/preferences.ts';
import type { SettingsState } from './settings/settings.ts';
import type { SightState } from './sight/kiosk-sight.ts';
import type { StaffCallState } from './staff/call.ts';
import type { KioskTestState } from './staff/kiosk-test.ts';
import type { ConsoleLockState } from './staff/lock.ts';
import type { StaffRecordsState } from './staff/records.ts';
import { type Warning, warningsOf } from './upkeep/warnings.ts';

/** The one place where the engine's stores meet React. */
export const KioskContext = createContext<Kiosk | null>(null);

export function useKiosk(): Kiosk {
  const kiosk = useContext(KioskContext);
  if (!kiosk) throw new Error('useKiosk was called outside of KioskContext. Wrap the tree in its provider.');
  return kiosk;
}

export const useSession = <T>(select: (model: SessionModel) => T): T =>
  useStore(useKiosk().session.store, select);
export const useLive = <T>(select: (frame: LiveFrame) => T): T => useStore(useKiosk().live, select);
export const useEnrolment = (): EnrolmentPhase => useStore(useKiosk().enrolment.store);
export const usePeople = (): PeopleState => useStore(useKiosk().people.store);
export const useHealth = <T>(select: (state: HealthState) => T): T =>
  useStore(useKiosk().health.store, select);
export const useHealing = <T>(select: (state: HealerState) => T): T =>
  useStore(useKiosk().healing.store, select);
export const useSight = <T>(select: (state: SightState) => T): T => useStore(useKiosk().sight.store, select);
export const useStaffCall = (): StaffCallState => useStore(useKiosk().staffCall.store);
export const useConsoleLock = (): ConsoleLockState => useStore(useKiosk().consoleLock.store);
export const useKioskTest = (): KioskTestState => useStore(useKiosk().kioskTest.store);
export const useStaffRecords = <T>(select: (state: StaffRecordsState) => T): T =>
  useStore(useKiosk().staffRecords.store, select);
export const useSettings = <T>(select: (state: SettingsState) => T): T =>
  useStore(useKiosk().settings.store, select);
/** How the camera's picture is turned and flipped. */
export const useCameraView = (): Settings['camera'] => useSettings(({ inForce }) => inForce.camera);
export const usePreferences = (): Preferences => useStore(useKiosk().preferences.store);
export const useCatalogue = (): CatalogueState => useStore(useKiosk().catalogue.store);

/** What staff should see to, although the kiosk serves. */
export function useWarnings(): readonly Warning[] {
  const { healing, upkeep, clock, isolated } = useKiosk();
  const { lastBackup } = useStore(upkeep.store);
  const sight = useSight((state) => state);
  const storage = useHealth((state) => state.storage);
  const people = usePeople();
  const catalogue = useCatalogue().kind;
  const withoutGpu = healing.withoutGpu();
  const passive = {
    passive: useHealth((state) => state.passive),
    doubted: useHealth((state) => state.doubted),
  };
  const today = clock.date();
  return warningsOf({
    isolated,
    withoutGpu,
    storage,
    people,
    lastBackup,
    today,
    passive,
    sight,
    catalogue,
  });
}

import {
  type EngineConfig,
  engineConfig,
  type HealthConfig,
  healthConfig,
  type ModelChoiceConfig,
  modelChoiceConfig,
  type PumpConfig,
  pumpConfig,
} from './engine/config.ts';
import { type EnrolmentConfig, enrolmentConfig } from './enrolment/config.ts';
import { type HealingConfig, healingConfig } from './healing/config.ts';
import { type FitConfig, fitConfig, type SessionConfig, sessionConfig } from './session/model/config.ts';
import { type SightConfig, sightConfig } from './sight/config.ts';
import {
  type KioskTestConfig,
  kioskTestConfig,
  type StaffCallConfig,
  type StaffConfig,
  staffCallConfig,
  staffConfig,
} from './staff/config.ts';

/** Every number of the kiosk's behaviour, by the folder that it belongs to. */
export interface StateConfig {
  readonly pump: PumpConfig;
  readonly session: SessionConfig;
  readonly fit: FitConfig;
  readonly enrolment: EnrolmentConfig;
  readonly engine: EngineConfig;
  readonly modelChoice: ModelChoiceConfig;
  readonly health: HealthConfig;
  readonly healing: HealingConfig;
  readonly sight: SightConfig;
  readonly staffCall: StaffCallConfig;
  readonly staff: StaffConfig;
  readonly kioskTest: KioskTestConfig;
}

export const stateConfig: StateConfig = {
  pump: pumpConfig,
  session: sessionConfig,
  fit: fitConfig,
  enrolment: enrolmentConfig,
  engine: engineConfig,
  modelChoice: modelChoiceConfig,
  health: healthConfig,
  healing: healingConfig,
  sight: sightConfig,
  staffCall: staffCallConfig,
  staff: staffConfig,
  kioskTest: kioskTestConfig,
};

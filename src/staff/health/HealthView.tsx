import './health.css';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useHealth, useKiosk, useSession, useSettings } from '../../state/react.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { formatNumber } from '../../ui/i18n/index.ts';
import { AskingFact, useSettingsTrouble } from './AskingFact.tsx';
import { BackendFact } from './BackendFact.tsx';
import { CatalogueFact } from './CatalogueFact.tsx';
import { Fact } from './Fact.tsx';
import { ModelFact } from './ModelFact.tsx';
import { PassiveFact } from './PassiveFact.tsx';
import { ReleaseFact } from './ReleaseFact.tsx';
import { RepairFact } from './RepairFact.tsx';
import { SelfTestFact } from './SelfTestFact.tsx';
import { Verdict } from './Verdict.tsx';

/** The kiosk's health. Frames are analysed while the view is open, so that the times are current. */
export function HealthView({ notices }: { readonly notices: readonly string[] }) {
  const { t } = useTranslation();
  useWatching();
  const settingsTrouble = useSettingsTrouble();
  return (
    <section className="health">
      <h2 className="staff__heading">{t('health.title')}</h2>
      <Verdict />
      <div className="facts">
        <CameraFact />
        <AskingFact />
        <PassiveFact />
        <BackendFact />
        <ModelFact />
        <FrameTimeFact />
        <MemoryFact />
        <StorageFact />
        <CatalogueFact />
        <ReleaseFact />
        <RepairFact />
        <SelfTestFact />
      </div>
      {settingsTrouble && (
        <p className="notice" data-testid={STAFF_IDS.healthSettings}>
          {settingsTrouble}
        </p>
      )}
      {notices.length > 0 && (
        <>
          <h3 className="staff__heading">{t('health.settings')}</h3>
          {notices.map((notice) => (
            <p key={notice} className="notice">
              {notice}
            </p>
          ))}
        </>
      )}
      <Errors />
    </section>
  );
}

function useWatching(): void {
  const { health, pump, people, config } = useKiosk();
  useEffect(() => {
    const stopWatching = health.watch();
    // Whether the clock is believed may have changed. A gallery that is not open is told of by itself.
    people.refresh().catch(() => {});
    const release = pump.use({
      // Nobody who stands there has agreed: faces are found, and no template is made.
      plan: () => ({ embed: false, interval: config.health.poll / 2 }),
      onReport: () => {},
    });
    return () => {
      stopWatching();
      release();
    };
  }, [health, pump, people, config]);
}

function CameraFact() {
  const { t } = useTranslation();
  const camera = useSession((model) => model.systems.camera);
  const chosen = useSettings(({ inForce }) => inForce.camera.label);
  const other = camera.kind === 'live' && chosen !== null && camera.label !== chosen;
  const value =
    camera.kind === 'live' ? t('health.cameraState.live', camera) : t(`health.cameraState.${camera.kind}`);
  return (
    <Fact name={t('health.camera')} testId={TEST_IDS.healthCamera} value={value}>
      {camera.kind === 'problem' ? camera.detail : null}
      {other && t('health.cameraOther', { label: chosen })}
    </Fact>
  );
}

function FrameTimeFact() {
  const { t, i18n } = useTranslation();
  const figures = useHealth((state) => state.figures);
  const ms = (value: number) => formatNumber(value, i18n.language);
  return (
    <Fact
      name={t('health.frameTime')}
      testId={TEST_IDS.healthFrameTime}
      value={figures ? t('health.frameTimeValue', { total: ms(figures.medianTotal) }) : undefined}
    >
      {figures &&
        t('health.frameTimeDetail', {
          detect: ms(figures.medianDetect),
          embed: ms(figures.medianEmbed),
          worst: ms(figures.worstTotal),
          frames: figures.frames,
        })}
    </Fact>
  );
}

const megabytes = (bytes: number, language: string) => formatNumber(bytes / 1e6, language);

function MemoryFact() {
  const { t, i18n } = useTranslation();
  const memory = useHealth((state) => state.memory);
  return (
    <Fact
      name={t('health.tensors')}
      testId={TEST_IDS.healthTensors}
      value={memory ? String(memory.tensors) : undefined}
    >
      {memory && t('health.tensorBytes', { megabytes: megabytes(memory.bytes, i18n.language) })}
    </Fact>
  );
}

function StorageFact() {
  const { t, i18n } = useTranslation();
  const storage = useHealth((state) => state.storage);
  return (
    <Fact
      name={t('health.storage')}
      testId={TEST_IDS.healthStorage}
      value={storage ? t(storage.persisted ? 'health.persisted' : 'health.notPersisted') : undefined}
    >
      {storage &&
        t('health.storageUsed', {
          used: megabytes(storage.usedBytes, i18n.language),
          quota: megabytes(storage.quotaBytes, i18n.language),
          left: megabytes(storage.quotaBytes - storage.usedBytes, i18n.language),
        })}
      {storage && !storage.persisted && ` ${t('health.notPersistedAdvice')}`}
    </Fact>
  );
}

function Errors() {
  const { t, i18n } = useTranslation();
  const errors = useHealth((state) => state.errors);
  const time = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'short', timeStyle: 'medium' });
  return (
    <>
      <h3 className="staff__heading">{t('health.errors')}</h3>
      {errors.length === 0 && <p className="staff__lead">{t('health.noErrors')}</p>}
      <ul className="errors">
        {errors.toReversed().map(({ at, message }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two errors may share time and words
          <li key={`${at}-${index}`} className="errors__line">
            <time dateTime={at}>{time.format(new Date(at))}</time>
            <span>{message}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

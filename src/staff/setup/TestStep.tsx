import type { QualityIssue } from '@rounz/core/face/face.ts';
import { useCallback, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useCameraView, useHealth, useKiosk, useKioskTest, useSession } from '../../state/react.ts';
import type { KioskTestState, SeenFace } from '../../state/staff/kiosk-test.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { formatNumber } from '../../ui/i18n/index.ts';
import { Button, Icon, Mirror, type MirrorFrame } from '../../ui/index.ts';

const testIds = { video: TEST_IDS.video, served: TEST_IDS.servedFace, other: TEST_IDS.otherFace };

/** What is checked of a face, and which issues speak against it. */
const CHECKS = {
  face: [],
  size: ['too-far'],
  light: ['too-dark', 'too-bright'],
  sharpness: ['blurred'],
  pose: ['turned', 'tilted', 'off-centre'],
} as const satisfies Readonly<Record<string, readonly QualityIssue[]>>;

const seenIn = (state: KioskTestState): SeenFace | null => (state.kind === 'idle' ? null : state.seen);

/** The kiosk tries itself before the camera, with whoever of staff stands there and presses the button. */
export function TestStep() {
  const { t, i18n } = useTranslation();
  const { kioskTest, source, live, pump } = useKiosk();
  const state = useKioskTest();
  const ready = useHealth((health) => health.ready);
  const cameraLive = useSession(({ systems }) => systems.camera.kind === 'live');
  const attach = useCallback((video: HTMLVideoElement) => source.attach(video), [source]);
  const subscribe = useCallback(
    (listener: (frame: MirrorFrame | null) => void) => live.subscribe(({ report }) => listener(report)),
    [live],
  );
  useEffect(() => {
    const release = pump.use(kioskTest.consumer);
    return () => {
      release();
      kioskTest.stop();
    };
  }, [pump, kioskTest]);
  const looking = state.kind === 'looking';
  return (
    <div className="setup__test" data-testid={STAFF_IDS.kioskTest} data-state={state.kind}>
      <Mirror
        view={useCameraView()}
        tone={!cameraLive ? 'off' : looking ? 'looking' : state.kind === 'passed' ? 'known' : 'waiting'}
        label={t('camera.picture')}
        attach={attach}
        subscribe={subscribe}
        testIds={testIds}
      />
      {state.kind === 'passed' && (
        <p className="setup__verdict" role="status" data-testid={STAFF_IDS.kioskTestVerdict}>
          {t('staff.setup.test.decides', { seconds: formatNumber(state.seconds, i18n.language, 1) })}
        </p>
      )}
      {state.kind === 'passed' && state.slow && <p className="notice">{t('staff.setup.test.slow')}</p>}
      {state.kind === 'failed' && (
        <p className="problem" role="alert">
          {t(state.seen?.issues[0] ? `hint.${state.seen.issues[0]}` : 'staff.setup.test.noFace')}
        </p>
      )}
      <Checks seen={seenIn(state)} running={state.kind !== 'idle'} />
      {ready && (
        <p className="setup__note" data-testid={STAFF_IDS.kioskTestBackend}>
          {t('staff.setup.test.backend', {
            backend: t(`health.backendName.${ready.backend}`),
            model: `${ready.modelName} ${ready.modelVersion}`,
          })}{' '}
          <span lang="en">{ready.backendReason}</span>
        </p>
      )}
      <p className="setup__note">{t('staff.setup.test.agree')}</p>
      <Button
        icon="pulse"
        disabled={!ready || !cameraLive || looking}
        onClick={kioskTest.start}
        data-testid={STAFF_IDS.kioskTestStart}
      >
        {t(state.kind === 'idle' ? 'staff.setup.test.start' : 'staff.setup.test.again')}
      </Button>
      {(!ready || !cameraLive) && <p className="setup__note">{t('staff.setup.test.notReady')}</p>}
    </div>
  );
}

/** Line by line what was seen of the face. */
function Checks({ seen, running }: { readonly seen: SeenFace | null; readonly running: boolean }) {
  const { t } = useTranslation();
  if (!running) return null;
  return (
    <ul className="marks">
      {(Object.keys(CHECKS) as (keyof typeof CHECKS)[]).map((check) => {
        const against: readonly QualityIssue[] = CHECKS[check];
        const good = seen !== null && !seen.issues.some((issue) => against.includes(issue));
        return (
          <li key={check} className="marks__line setup__check" data-good={good} data-check={check}>
            <Icon name={good ? 'check' : 'close'} />
            <span>
              {t(`staff.setup.test.${check}`, { pixels: Math.round(seen?.interEyeDistance ?? 0) })}
              <span className="visually-hidden">
                {t(good ? 'staff.setup.test.good' : 'staff.setup.test.bad')}
              </span>
            </span>
          </li>
        );
      })}
    </ul>
  );
}

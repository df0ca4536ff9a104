import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useCameraView, useKiosk, useSession } from '../state/react.ts';
import type { SessionModel, SessionPhase } from '../state/session/model/types.ts';
import { TEST_IDS } from '../state/test-ids.ts';
import { Icon, Mirror, type MirrorFrame, type MirrorTone } from '../ui/index.ts';

const kindOf = (model: SessionModel) => model.phase.kind;
const cameraOf = (model: SessionModel) => model.systems.camera.kind;

const tones: Readonly<Record<SessionPhase['kind'], MirrorTone>> = {
  starting: 'waiting',
  attract: 'waiting',
  consent: 'waiting',
  looking: 'looking',
  deciding: 'looking',
  greeted: 'known',
  page: 'known',
  confirm: 'known',
  unknown: 'stranger',
  lookup: 'stranger',
  leaving: 'stranger',
  suspended: 'off',
  'out-of-order': 'off',
};

const testIds = { video: TEST_IDS.video, served: TEST_IDS.servedFace, other: TEST_IDS.otherFace };

/** The mirror with the camera's picture, and a text that says what the camera does. */
export function LiveMirror() {
  const { t } = useTranslation();
  const { source, live } = useKiosk();
  const kind = useSession(kindOf);
  const camera = useSession(cameraOf);
  const attach = useCallback((video: HTMLVideoElement) => source.attach(video), [source]);
  const subscribe = useCallback(
    (listener: (frame: MirrorFrame | null) => void) => live.subscribe(({ report }) => listener(report)),
    [live],
  );
  return (
    <div className="kiosk__mirror">
      <Mirror
        view={useCameraView()}
        tone={camera === 'live' ? tones[kind] : 'off'}
        label={t('camera.picture')}
        attach={attach}
        subscribe={subscribe}
        testIds={testIds}
      >
        {camera !== 'live' && (
          <span className="kiosk__no-picture">
            <Icon name="camera" />
          </span>
        )}
        <CameraPill />
      </Mirror>
    </div>
  );
}

const pillTexts = {
  starting: 'camera.waiting',
  attract: 'camera.waiting',
  consent: 'camera.asking',
  looking: 'camera.looking',
  deciding: 'camera.looking',
  greeted: 'camera.presence',
  page: 'camera.presence',
  confirm: 'camera.looking',
  lookup: 'camera.presence',
  unknown: 'camera.presence',
  leaving: 'camera.presence',
  suspended: 'camera.off',
  'out-of-order': 'camera.waiting',
} as const satisfies Readonly<Record<SessionPhase['kind'], string>>;

/** On a page that was opened by telephone the face is not looked at, not even before it is erased. */
const pillTextOf = ({ phase }: SessionModel) =>
  phase.kind === 'confirm' && phase.way === 'telephone' ? 'camera.presence' : pillTexts[phase.kind];

/** Always says whether the camera is on and what it is used for. */
function CameraPill() {
  const { t } = useTranslation();
  const { demo } = useKiosk();
  const text = useSession(pillTextOf);
  const on = useSession(cameraOf) === 'live';
  return (
    <figcaption className="camera-pill" data-on={on} data-testid={TEST_IDS.cameraPill}>
      <span className="camera-pill__light" aria-hidden="true" />
      <span>
        {t(on ? text : 'camera.off')}
        {demo && <span className="camera-pill__demo">{t('camera.demo')}</span>}
      </span>
    </figcaption>
  );
}

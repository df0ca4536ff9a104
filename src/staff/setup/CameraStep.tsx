import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CameraOption } from '../../camera/types.ts';
import { useKiosk, useSession } from '../../state/react.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { Choice, Mirror, type MirrorFrame } from '../../ui/index.ts';
import { Policy } from '../parts/Policy.tsx';
import type { StepProps } from './fields.tsx';

const testIds = { video: TEST_IDS.video, served: TEST_IDS.servedFace, other: TEST_IDS.otherFace };
const TURNS = [0, 90, 180, 270] as const;

/** The camera by its name, with its live picture, turned as it hangs. */
export function CameraStep(props: StepProps) {
  const { t } = useTranslation();
  const { camera } = props.draft;
  const change = (next: Partial<typeof camera>) => props.onChange({ camera: { ...camera, ...next } });
  return (
    <div className="setup__camera">
      <Picture {...props} />
      <CameraList {...props} />
      <Choice
        label={t('staff.setup.field.rotation.label')}
        value={camera.rotation}
        options={TURNS.map((value) => ({ value, label: t('staff.setup.degrees', { value }) }))}
        onChange={(rotation) => change({ rotation })}
        testId={STAFF_IDS.setUpRotation}
      />
      <Choice
        label={t('staff.setup.field.mirrored.label')}
        value={camera.mirrored ? 'on' : 'off'}
        options={[
          { value: 'on', label: t('staff.setup.mirrored.on') },
          { value: 'off', label: t('staff.setup.mirrored.off') },
        ]}
        onChange={(value) => change({ mirrored: value === 'on' })}
        testId={STAFF_IDS.setUpMirrored}
      />
    </div>
  );
}

/** The live picture of the camera that is chosen now, before it is kept. Faces are found in it and no template is made. */
function Picture({ draft }: StepProps) {
  const { t } = useTranslation();
  const { source, live, pump, settings, config } = useKiosk();
  const { label, nth, rotation } = draft.camera;
  const attach = useCallback((video: HTMLVideoElement) => source.attach(video), [source]);
  const subscribe = useCallback(
    (listener: (frame: MirrorFrame | null) => void) => live.subscribe(({ report }) => listener(report)),
    [live],
  );
  useEffect(() => source.use({ label, nth, rotation }), [source, label, nth, rotation]);
  // Whatever was looked at and not kept: the kept camera again.
  useEffect(() => () => source.use(settings.store.getState().inForce.camera), [source, settings]);
  useEffect(
    () =>
      pump.use({ plan: () => ({ embed: false, interval: config.pump.restingInterval }), onReport: () => {} }),
    [pump, config],
  );
  const camera = useSession(({ systems }) => systems.camera);
  return (
    <>
      <Mirror
        view={draft.camera}
        tone={camera.kind === 'live' ? 'waiting' : 'off'}
        label={t('camera.picture')}
        attach={attach}
        subscribe={subscribe}
        testIds={testIds}
      />
      <p
        className={camera.kind === 'problem' ? 'notice notice--alert' : 'setup__note'}
        role="status"
        data-testid={STAFF_IDS.setUpCameraState}
      >
        {camera.kind === 'live' && t('health.cameraState.live', camera)}
        {camera.kind === 'problem' && t(`outOfOrder.${camera.problem}.staff`)}
        {(camera.kind === 'starting' || camera.kind === 'off') && t('camera.starting')}
      </p>
    </>
  );
}

const keyOf = ({ label, nth }: { readonly label: string | null; readonly nth: number }): string =>
  label === null ? 'auto' : `${nth} ${label}`;

function CameraList({ draft, onChange }: StepProps) {
  const { t } = useTranslation();
  const { source } = useKiosk();
  const state = useSession(({ systems }) => systems.camera.kind);
  const [cameras, setCameras] = useState<readonly CameraOption[]>([]);
  // Names are told once a camera runs.
  // biome-ignore lint/correctness/useExhaustiveDependencies: read anew when the camera's state changes
  useEffect(() => {
    void source.list().then(setCameras);
  }, [source, state]);
  const { camera } = draft;
  const missing = camera.label !== null && !cameras.some((one) => one.label === camera.label);
  const options: readonly { label: string | null; nth: number; usual: boolean }[] = [
    { label: null, nth: 0, usual: true },
    ...cameras,
    ...(missing ? [{ label: camera.label, nth: camera.nth, usual: true }] : []),
  ];
  return (
    <fieldset className="policies" data-testid={STAFF_IDS.setUpCameras}>
      <legend className="field__label">{t('staff.setup.field.camera.label')}</legend>
      {options.map((one) => {
        const chosen = keyOf(one) === keyOf(camera);
        return (
          <Policy
            key={keyOf(one)}
            name="camera"
            checked={chosen}
            title={
              <>
                {one.label ?? t('staff.setup.cameraAuto.title')}
                {one.nth > 0 && ` (${one.nth + 1})`}
              </>
            }
            onChange={() => onChange({ camera: { ...camera, label: one.label, nth: one.nth } })}
            data-camera={one.label ?? 'auto'}
          >
            {one.label === null && (
              <span className="policy__detail">{t('staff.setup.cameraAuto.detail')}</span>
            )}
            {!one.usual && <span className="policy__detail">{t('staff.setup.cameraUnusual')}</span>}
            {missing && one.label === camera.label && (
              <span className="policy__detail">{t('staff.setup.cameraMissing')}</span>
            )}
          </Policy>
        );
      })}
    </fieldset>
  );
}

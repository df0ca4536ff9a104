import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { EnrolmentHint } from '../../state/enrolment/capture.ts';
import { useCameraView, useKiosk, useLive } from '../../state/react.ts';
import { accessoryToName } from '../../state/session/accessories.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { Button, HintDrawing, Icon, Mirror, type MirrorFrame } from '../../ui/index.ts';

interface CaptureStepProps {
  readonly name: string;
  readonly accepted: number;
  readonly hint: EnrolmentHint | null;
  /** whether staff may overrule the accessory head, because it keeps reporting something */
  readonly mayConfirmBare: boolean;
}

const testIds = { video: TEST_IDS.video, served: TEST_IDS.servedFace, other: TEST_IDS.otherFace };

/** Takes the enrolment pictures by itself, and says what prevents it. */
export function CaptureStep({ name, accepted, hint, mayConfirmBare }: CaptureStepProps) {
  const { t } = useTranslation();
  const { source, live, enrolment, config } = useKiosk();
  const attach = useCallback((video: HTMLVideoElement) => source.attach(video), [source]);
  const subscribe = useCallback(
    (listener: (frame: MirrorFrame | null) => void) => live.subscribe(({ report }) => listener(report)),
    [live],
  );
  const worn = useLive(({ report }) => accessoryToName(report?.faces[0]?.worn ?? []));
  const words = hint === 'covered' && worn ? t(`enrol.takeOff.${worn}`) : hint && t(`hint.${hint}`);
  const total = config.enrolment.frames;
  return (
    <div className="capture">
      <div className="capture__words">
        <h2 className="staff__heading">{t('enrol.captureTitle', { name })}</h2>
        <p className="staff__lead">{t('enrol.captureDetail')}</p>
      </div>
      <Mirror
        view={useCameraView()}
        tone={hint ? 'stranger' : 'looking'}
        label={t('camera.picture')}
        attach={attach}
        subscribe={subscribe}
        testIds={testIds}
      />
      <Shots accepted={accepted} total={total} />
      <div className="capture__hint" aria-live="polite" data-hint={hint ?? 'none'}>
        {hint ? <HintDrawing hint={hint} worn={worn} /> : <Icon name="check" />}
        <p data-testid={TEST_IDS.enrolHint}>{hint ? words : t('enrol.good')}</p>
      </div>
      {mayConfirmBare && (
        <Button onClick={enrolment.confirmBare} data-testid={TEST_IDS.enrolConfirmBare}>
          {t('enrol.confirmBare')}
        </Button>
      )}
      <Button onClick={enrolment.reset} data-testid={TEST_IDS.enrolCancel}>
        {t('enrol.cancel')}
      </Button>
    </div>
  );
}

/** The frames taken so far, drawn as lenses. */
function Shots({ accepted, total }: { readonly accepted: number; readonly total: number }) {
  const { t } = useTranslation();
  return (
    <div className="shots" role="img" aria-label={t('enrol.acceptedLabel', { count: accepted, total })}>
      {Array.from({ length: total }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: places, not things: they never change order
        <span key={index} className="shots__lens" data-taken={index < accepted}>
          {index < accepted && <Icon name="check" />}
        </span>
      ))}
    </div>
  );
}

import type { QualityIssue } from '@rounz/core/face/face.ts';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../state/react.ts';
import { visitorsAccessory } from '../../state/session/accessories.ts';
import type { SessionModel } from '../../state/session/model/types.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { HintDrawing, Progress } from '../../ui/index.ts';
import { Panel } from '../parts/Panel.tsx';
import { WithoutFace } from '../parts/WithoutFace.tsx';

const severalOf = (model: SessionModel) => model.faceCount > 1;

/** Says what the kiosk is doing, or what keeps it from recognising the visitor. */
export function LookingPanel({
  hint,
  progress,
}: {
  readonly hint: QualityIssue | null;
  readonly progress: number;
}) {
  const { t } = useTranslation();
  const several = useSession(severalOf);
  const worn = useSession(visitorsAccessory);
  return (
    <Panel
      subject="looking"
      title={t('looking.title')}
      detail={
        hint ? (
          <p className="hint" data-testid={TEST_IDS.hint}>
            <HintDrawing hint={hint} />
            {t(`hint.${hint}`)}
          </p>
        ) : several ? (
          <p className="hint">
            <HintDrawing hint="several-faces" />
            {t('looking.several')}
          </p>
        ) : worn ? (
          t(`looking.worn.${worn}`)
        ) : (
          t('looking.detail')
        )
      }
      actions={<WithoutFace />}
      note={!hint && <Progress label={t('looking.detail')} value={progress} />}
    />
  );
}

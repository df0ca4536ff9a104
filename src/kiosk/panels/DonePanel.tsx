import { useTranslation } from 'react-i18next';
import { useKiosk } from '../../state/react.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { Button } from '../../ui/index.ts';
import { Panel } from '../parts/Panel.tsx';
import { WithoutFace } from '../parts/WithoutFace.tsx';

/** Shown after a visit while the visitor still stands there. A touch or another visitor begins the next visit. */
export function DonePanel() {
  const { t } = useTranslation();
  const { session } = useKiosk();
  return (
    <Panel
      subject="done"
      title={t('attract.doneTitle')}
      detail={t('attract.doneDetail')}
      actions={
        <>
          <Button icon="again" onClick={() => session.touch('wake')} data-testid={TEST_IDS.tryAgain}>
            {t('attract.wake')}
          </Button>
          <WithoutFace />
        </>
      }
      note={t('privacy.line')}
    />
  );
}

import { useTranslation } from 'react-i18next';
import { useKiosk, useSettings } from '../../state/react.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { Button } from '../../ui/index.ts';
import { Panel } from '../parts/Panel.tsx';
import { WithoutFace } from '../parts/WithoutFace.tsx';

/** Asks for consent before a face is looked at, if the shop is set up so. The way without a face stays open. */
export function ConsentPanel() {
  const { t } = useTranslation();
  const { session } = useKiosk();
  const steps = useSettings(({ inForce }) => inForce.asking.kind === 'step');
  return (
    <Panel
      subject="consent"
      title={t('consent.title')}
      detail={steps ? `${t('consent.step')}\n${t('consent.detail')}` : t('consent.detail')}
      actions={
        <>
          <Button look="primary" onClick={() => session.touch('agree')} data-testid={TEST_IDS.agree}>
            {t('consent.agree')}
          </Button>
          <WithoutFace />
          <Button look="quiet" onClick={() => session.touch('done')} data-testid={TEST_IDS.done}>
            {t('consent.done')}
          </Button>
        </>
      }
    />
  );
}

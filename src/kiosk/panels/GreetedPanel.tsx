import { useTranslation } from 'react-i18next';
import { useKiosk, useSession } from '../../state/react.ts';
import { visitorsAccessory } from '../../state/session/accessories.ts';
import type { SessionPhase } from '../../state/session/model/types.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { Button } from '../../ui/index.ts';
import { CustomerName } from '../parts/CustomerName.tsx';
import { Panel } from '../parts/Panel.tsx';

/** Greets by name, legible from three metres. The page opens by itself a little later. */
export function GreetedPanel({ phase }: { readonly phase: Extract<SessionPhase, { kind: 'greeted' }> }) {
  const { t } = useTranslation();
  const { session } = useKiosk();
  const worn = useSession(visitorsAccessory);
  return (
    <Panel
      subject="greeted"
      title={
        <>
          <span className="panel__eyebrow">{t('greeted.welcome')}</span>
          <CustomerName name={phase.person.name} />
        </>
      }
      detail={worn ? t(`greeted.worn.${worn}`) : t('greeted.detail')}
      actions={
        <>
          {phase.page ? (
            <Button look="primary" onClick={() => session.touch('open-page')} data-testid={TEST_IDS.openPage}>
              {t('greeted.open')}
            </Button>
          ) : (
            <Button look="primary" onClick={() => session.touch('done')} data-testid={TEST_IDS.done}>
              {t('greeted.done')}
            </Button>
          )}
          <Button onClick={() => session.touch('not-me')} data-testid={TEST_IDS.notMe}>
            {t('greeted.notMe')}
          </Button>
        </>
      }
    />
  );
}

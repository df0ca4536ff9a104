import { useTranslation } from 'react-i18next';
import { useKiosk } from '../../state/react.ts';
import type { UnknownReason } from '../../state/session/model/types.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { Button } from '../../ui/index.ts';
import { Panel } from '../parts/Panel.tsx';
import { WithoutFace } from '../parts/WithoutFace.tsx';

/** Says that the visitor is unknown, and offers the other ways. */
export function UnknownPanel({ reason }: { readonly reason: UnknownReason }) {
  const { t } = useTranslation();
  const { session, staffCall } = useKiosk();
  return (
    <Panel
      subject="unknown"
      title={t(`unknown.${reason}.title`)}
      detail={t(`unknown.${reason}.detail`)}
      actions={
        <>
          {reason !== 'look-alike' && reason !== 'doubted' && (
            <Button
              look="primary"
              icon="staff"
              onClick={() => staffCall.call('join')}
              data-testid={TEST_IDS.join}
            >
              {t('unknown.join')}
            </Button>
          )}
          <WithoutFace look={reason === 'doubted' ? 'primary' : 'plain'} label={t('unknown.lookup')} />
          <Button icon="again" onClick={() => session.touch('try-again')} data-testid={TEST_IDS.tryAgain}>
            {t('unknown.tryAgain')}
          </Button>
          <Button look="quiet" onClick={() => session.touch('done')} data-testid={TEST_IDS.done}>
            {t('unknown.done')}
          </Button>
        </>
      }
    />
  );
}

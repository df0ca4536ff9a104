import { useTranslation } from 'react-i18next';
import { useKiosk } from '../../state/react.ts';
import type { SessionPhase } from '../../state/session-types.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { Button } from '../../ui/index.ts';
import { EndingNotice } from '../EndingNotice.tsx';
import { Panel } from '../Panel.tsx';

/** An honest "I don't know you", with ways on. */
export function UnknownPanel({ phase }: { readonly phase: Extract<SessionPhase, { kind: 'unknown' }> }) {
  const { t } = useTranslation();
  const { session, staffCall } = useKiosk();
  const { reason, until, warning } = phase;
  return (
    <Panel
      subject="unknown"
      title={t(`unknown.${reason}.title`)}
      detail={warning ? <EndingNotice until={until} /> : t(`unknown.${reason}.detail`)}
      actions={
        <>
          <Button
            look="primary"
            icon="staff"
            onClick={() => staffCall.call('join')}
            data-testid={TEST_IDS.join}
          >
            {t('unknown.join')}
          </Button>
          <Button icon="again" onClick={session.touch.tryAgain} data-testid={TEST_IDS.tryAgain}>
            {t('unknown.tryAgain')}
          </Button>
          <Button look="quiet" onClick={session.touch.done} data-testid={TEST_IDS.done}>
            {t('unknown.done')}
          </Button>
        </>
      }
    />
  );
}

import { useTranslation } from 'react-i18next';
import { useKiosk } from '../../state/react.ts';
import type { ConfirmedAct } from '../../state/session/model/types.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { Button } from '../../ui/index.ts';
import { Panel } from '../parts/Panel.tsx';

interface TurnOfferProps {
  readonly act: ConfirmedAct;
  /** they want staff to confirm instead */
  readonly onStaff: () => void;
}

/** Offers a turn of the head to whoever has no PIN, and staff to whoever cannot turn it. */
export function TurnOffer({ act, onStaff }: TurnOfferProps) {
  const { t, i18n } = useTranslation();
  const { session, visit } = useKiosk();
  return (
    <Panel
      subject="turn"
      title={t('turn.offer.title')}
      detail={t(`turn.offer.${act}`)}
      actions={
        <>
          <Button
            look="primary"
            icon="camera"
            onClick={() => void visit.confirmByTurn(i18n.language)}
            data-testid={TEST_IDS.confirmTurn}
          >
            {t('turn.offer.begin')}
          </Button>
          <Button icon="staff" onClick={onStaff} data-testid={TEST_IDS.confirmBy}>
            {t('confirm.askStaff')}
          </Button>
          <Button icon="back" onClick={() => session.touch('done')} data-testid={TEST_IDS.confirmBack}>
            {t('lookup.back')}
          </Button>
        </>
      }
    />
  );
}

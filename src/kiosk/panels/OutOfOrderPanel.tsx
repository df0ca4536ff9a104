import { useTranslation } from 'react-i18next';
import { useKiosk } from '../../state/react.ts';
import type { OutOfOrderReason } from '../../state/session/model/types.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { Button } from '../../ui/index.ts';
import { Panel } from '../parts/Panel.tsx';
import { WithoutFace } from '../parts/WithoutFace.tsx';

interface OutOfOrderPanelProps {
  readonly reason: OutOfOrderReason;
  /** the error message, for staff */
  readonly detail: string;
}

/** Recognition is not possible: a plain text for the shopper, the cause for staff, and a button for each. */
export function OutOfOrderPanel({ reason, detail }: OutOfOrderPanelProps) {
  const { t } = useTranslation();
  const kiosk = useKiosk();
  return (
    <Panel
      subject="out-of-order"
      title={t(`outOfOrder.${reason}.title`)}
      detail={t(`outOfOrder.${reason}.detail`)}
      actions={
        <>
          <WithoutFace look="primary" label={t('unknown.lookup')} />
          <Button icon="again" onClick={() => void kiosk.retry()} data-testid={TEST_IDS.retry}>
            {t('outOfOrder.retry')}
          </Button>
        </>
      }
      note={
        <div className="staff-words">
          <p className="staff-words__title">{t('outOfOrder.staff')}</p>
          <p>{t(`outOfOrder.${reason}.staff`)}</p>
          {detail && <p className="staff-words__detail">{detail}</p>}
        </div>
      }
    />
  );
}

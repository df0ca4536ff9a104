import { useTranslation } from 'react-i18next';
import { useKiosk, useStaffCall } from '../state/react.ts';
import { TEST_IDS } from '../state/test-ids.ts';
import { Button, Icon } from '../ui/index.ts';

/** A banner while staff are being called, large enough to be seen across the shop. */
export function StaffCallBanner() {
  const { t } = useTranslation();
  const { staffCall } = useKiosk();
  const state = useStaffCall();
  return (
    <div className="calls" aria-live="assertive">
      {state.kind === 'called' && (
        <div className="call-banner" data-testid={TEST_IDS.staffCallBanner}>
          <span className="call-banner__bell">
            <Icon name="bell" />
          </span>
          <p className="call-banner__words">{t(`staffCall.${state.reason}`)}</p>
          <div className="call-banner__actions">
            {state.reason === 'join' && (
              <a className="button button--plain" href="#/staff/enrol">
                {t('staffCall.enrol')}
              </a>
            )}
            <Button onClick={staffCall.cancel} data-testid={TEST_IDS.staffCallCancel}>
              {t('staffCall.cancel')}
            </Button>
          </div>
        </div>
      )}
    </div>
  );
}

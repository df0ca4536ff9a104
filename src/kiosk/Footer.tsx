import { useTranslation } from 'react-i18next';
import { useKiosk } from '../state/react.ts';
import { TEST_IDS } from '../state/test-ids.ts';
import { Button, Icon } from '../ui/index.ts';

/** On every screen: a way to call a person, and the discreet door of the staff. */
export function Footer({ damaged }: { readonly damaged: number }) {
  const { t } = useTranslation();
  const { staffCall } = useKiosk();
  return (
    <footer className="kiosk__footer">
      <Button icon="bell" onClick={() => staffCall.call('help')} data-testid={TEST_IDS.staffCall}>
        {t('staffCall.button')}
      </Button>
      {damaged > 0 && (
        <p className="kiosk__staff-notice" data-testid={TEST_IDS.staffNotice}>
          {t('staffNotice.damaged', { count: damaged })}
        </p>
      )}
      <a
        className="kiosk__staff-door"
        href="#/staff"
        aria-label={t('staff.door')}
        data-testid={TEST_IDS.staffDoor}
      >
        <Icon name="lock" />
      </a>
    </footer>
  );
}

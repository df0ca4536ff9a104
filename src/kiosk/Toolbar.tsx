import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKiosk } from '../state/react.ts';
import { TEST_IDS } from '../state/test-ids.ts';
import { Button, LanguageButton } from '../ui/index.ts';
import { SettingsDialog } from './settings/SettingsDialog.tsx';

/** At the lower edge of each screen: call staff, language, settings. */
export function Toolbar() {
  const { t } = useTranslation();
  const { staffCall } = useKiosk();
  const [open, setOpen] = useState(false);
  return (
    <nav className="toolbar" aria-label={t('settings.title')}>
      <Button
        icon="bell"
        data-way="staff"
        onClick={() => staffCall.call('help')}
        data-testid={TEST_IDS.staffCall}
      >
        {t('staffCall.button')}
      </Button>
      <Button icon="sliders" onClick={() => setOpen(true)} data-testid={TEST_IDS.settings}>
        {t('settings.button')}
      </Button>
      <LanguageButton testId={TEST_IDS.language} />
      {open && <SettingsDialog onClose={() => setOpen(false)} />}
    </nav>
  );
}

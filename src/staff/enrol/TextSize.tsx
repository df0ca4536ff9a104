import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useKiosk, usePreferences } from '../../state/react.ts';
import type { Preferences } from '../../state/session/preferences.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { Button, useDocumentPreferences } from '../../ui/index.ts';

/** The next size at each touch, and then the first one again. */
const NEXT: Readonly<Record<Preferences['textSize'], Preferences['textSize']>> = {
  100: 150,
  150: 200,
  200: 100,
};

/** Enlarges everything for the customer whose steps of an enrolment are on the screen. Theirs ends with the steps. */
export function TextSize() {
  const { t } = useTranslation();
  const { preferences } = useKiosk();
  const chosen = usePreferences();
  useDocumentPreferences(chosen);
  useEffect(() => () => preferences.reset(), [preferences]);
  return (
    <Button
      onClick={() => preferences.set({ textSize: NEXT[chosen.textSize] })}
      data-testid={STAFF_IDS.textSize}
    >
      {t('settings.textSize')} {t('settings.size', { percent: chosen.textSize })}
    </Button>
  );
}

import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKiosk } from '../state/react.ts';
import { TEST_IDS } from '../state/test-ids.ts';
import { Button } from '../ui/index.ts';

/** Warns that the screen will end, and lets it be extended. `until`: milliseconds of the kiosk's clock. */
export function EndingNotice({ until }: { readonly until: number }) {
  const { t } = useTranslation();
  const { clock, session } = useKiosk();
  const secondsLeft = () => Math.max(0, Math.ceil((until - clock.now()) / 1_000));
  const [seconds, setSeconds] = useState(secondsLeft);
  useEffect(() => {
    const timer = setInterval(() => setSeconds(secondsLeft()), 500);
    return () => clearInterval(timer);
  });
  return (
    <div className="notice ending">
      <span>{t('ending.warning', { count: seconds })}</span>
      <Button onClick={session.touch.extend} data-testid={TEST_IDS.extend}>
        {t('ending.extend')}
      </Button>
    </div>
  );
}

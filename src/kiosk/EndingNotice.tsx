import { type Clock, every } from '@rounz/core/time/clock.ts';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKiosk, useSession } from '../state/react.ts';
import type { SessionModel } from '../state/session/model/types.ts';
import { TEST_IDS } from '../state/test-ids.ts';
import { Button } from '../ui/index.ts';

const endOf = ({ phase }: SessionModel) => ('warning' in phase && phase.warning ? phase.until : null);

/** Warns before a screen ends by itself, and offers to extend it. */
export function EndingNotice() {
  const until = useSession(endOf);
  return until !== null && <Countdown until={until} />;
}

const secondsTo = (until: number, clock: Clock): number =>
  Math.max(0, Math.ceil((until - clock.now()) / 1_000));

/** `until`: milliseconds of the kiosk's clock. */
function Countdown({ until }: { readonly until: number }) {
  const { t } = useTranslation();
  const { clock, session } = useKiosk();
  const [seconds, setSeconds] = useState(() => secondsTo(until, clock));
  // A dialog would lie over the warning and keep it from being touched.
  useEffect(() => {
    for (const dialog of document.querySelectorAll('dialog[open]')) dialog.dispatchEvent(new Event('cancel'));
  }, []);
  useEffect(() => every(clock, 500, () => setSeconds(secondsTo(until, clock))), [clock, until]);
  return (
    <div className="notice ending">
      <span>{t('ending.warning', { count: seconds })}</span>
      <Button look="primary" onClick={() => session.touch('extend')} data-testid={TEST_IDS.extend}>
        {t('ending.extend')}
      </Button>
    </div>
  );
}

import { useTranslation } from 'react-i18next';
import { useHealth } from '../../state/react.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { Fact } from './Fact.tsx';

/** Which version runs, and whether the kiosk can start without a network. */
export function ReleaseFact() {
  const { t } = useTranslation();
  const release = useHealth((state) => state.release);
  const current = release?.current ?? null;
  return (
    <Fact
      name={t('health.release')}
      testId={TEST_IDS.healthRelease}
      value={current === null ? t('health.releaseNone') : current}
    >
      {release && current && (
        <>
          {t(release.onTrial ? 'health.releaseTrial' : 'health.releaseKept')}
          {release.waiting && ` ${t('health.releaseWaiting')}`}
          {release.refused.length > 0 &&
            ` ${t('health.releaseRefused', { versions: release.refused.join(', ') })}`}
        </>
      )}
    </Fact>
  );
}

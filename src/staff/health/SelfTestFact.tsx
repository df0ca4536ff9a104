import { useTranslation } from 'react-i18next';
import { useHealth, useKiosk } from '../../state/react.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { formatNumber } from '../../ui/i18n/index.ts';
import { Button } from '../../ui/index.ts';
import { Fact } from './Fact.tsx';

/** Replays the golden embeddings, to check that this device computes what the trainer computed. */
export function SelfTestFact() {
  const { t, i18n } = useTranslation();
  const { health } = useKiosk();
  const test = useHealth((state) => state.selfTest);
  return (
    <Fact
      name={t('health.selfTest')}
      testId={TEST_IDS.healthSelfTest}
      value={t(`health.selfTestState.${test.kind}`)}
    >
      {test.kind === 'passed' &&
        t('health.selfTestPassed', {
          cases: test.cases,
          worst: formatNumber(test.worst, i18n.language, 5),
        })}
      {test.kind === 'failed' && test.detail}
      <Button
        icon="pulse"
        disabled={test.kind === 'running'}
        onClick={() => void health.selfTest()}
        data-testid={TEST_IDS.selfTest}
      >
        {t('health.selfTestRun')}
      </Button>
    </Fact>
  );
}

import { useTranslation } from 'react-i18next';
import { type Part, parts } from '../../state/healing/config.ts';
import { useHealing, useKiosk } from '../../state/react.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { Fact } from './Fact.tsx';

/** What is broken at the moment, and how often the kiosk has tried to mend it. */
export function RepairFact() {
  const { t } = useTranslation();
  const { clock } = useKiosk();
  const troubles = useHealing((state) => state.troubles);
  const reloads = useHealing((state) => state.reloads);
  const broken = parts.filter((part) => troubles[part]);
  const line = (part: Part) => {
    const { since, tries } = troubles[part]!;
    const minutes = Math.floor((clock.now() - since) / 60_000);
    return t('health.repairLine', { part: t(`health.repairParts.${part}`), minutes, tries });
  };
  const names = broken.map((part) => t(`health.repairParts.${part}`)).join(', ');
  return (
    <Fact
      name={t('health.repair')}
      testId={TEST_IDS.healthRepair}
      value={broken.length === 0 ? t('health.repairNothing') : names}
    >
      {broken.map((part) => (
        <span key={part} className="fact__line">
          {line(part)}
        </span>
      ))}
      {reloads > 0 && <span className="fact__line">{t('health.repairReloads', { count: reloads })}</span>}
    </Fact>
  );
}

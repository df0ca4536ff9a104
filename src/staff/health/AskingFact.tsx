import { useTranslation } from 'react-i18next';
import { useKiosk, useSettings } from '../../state/react.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { formatDate } from '../../ui/i18n/index.ts';
import { Fact } from './Fact.tsx';

/** Whether faces are looked at after a question or without one, and since when signs are posted. */
export function AskingFact() {
  const { t, i18n } = useTranslation();
  const { demo } = useKiosk();
  const asking = useSettings(({ inForce }) => inForce.asking);
  return (
    <div data-testid={STAFF_IDS.healthAsking} data-asking={asking.kind}>
      <Fact name={t('health.asking')} value={t(`health.askingName.${asking.kind}`)}>
        {demo && asking.kind === 'signs' && t('health.askingDemo')}
        {!demo &&
          asking.kind === 'signs' &&
          t('health.askingSigns', { date: formatDate(asking.confirmedAt, i18n.language) })}
      </Fact>
    </div>
  );
}

/** What staff have to set up, or to set up anew; null where nothing. */
export function useSettingsTrouble(): string | null {
  const { t } = useTranslation();
  const { demo } = useKiosk();
  const { known, problems, setUpAt } = useSettingsFacts();
  if (problems.length > 0) {
    const groups = problems.map((group) => t(`staff.setup.group.${group}`)).join(', ');
    return t('health.settingsUnread', { groups });
  }
  return known && !demo && setUpAt === null ? t('health.notSetUp') : null;
}

function useSettingsFacts() {
  const known = useSettings((state) => state.known);
  const problems = useSettings((state) => state.problems);
  const setUpAt = useSettings(({ kept }) => kept.setUpAt);
  return { known, problems, setUpAt };
}

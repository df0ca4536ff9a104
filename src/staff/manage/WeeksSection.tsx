import './weeks.css';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { WeekCounts } from '../../gallery/contract/tally.ts';
import { useKiosk } from '../../state/react.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { formatDay, formatNumber } from '../../ui/i18n/index.ts';
import { Section } from '../parts/Section.tsx';

/** weeks side by side */
const SHOWN = 4;
const MEASURES = ['greeted', 'unknown', 'near', 'missed', 'alike', 'notMe'] as const;

/** What the kiosk decided in the last weeks, in numbers that name nobody, each with what it means. */
export function WeeksSection() {
  const { t, i18n } = useTranslation();
  const { staffRecords } = useKiosk();
  const [weeks, setWeeks] = useState<readonly WeekCounts[]>([]);
  useEffect(() => {
    // A locked console shows nothing of it.
    staffRecords.ask(async (desk) => desk.weeks().slice(0, SHOWN)).then(setWeeks, () => {});
  }, [staffRecords]);
  return (
    <Section title={t('staff.weeks.title')} lead={t('staff.weeks.lead')}>
      {weeks.length === 0 ? (
        <p className="notice" data-testid={STAFF_IDS.weeks} data-weeks={0}>
          {t('staff.weeks.none')}
        </p>
      ) : (
        <table className="weeks" data-testid={STAFF_IDS.weeks} data-weeks={weeks.length}>
          <caption className="visually-hidden">{t('staff.weeks.title')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('staff.weeks.from')}</th>
              {weeks.map(({ week }) => (
                <th key={week} scope="col" className="weeks__number">
                  {formatDay(week, i18n.language)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {MEASURES.map((measure) => (
              <tr key={measure} data-measure={measure}>
                <th scope="row">
                  {t(`staff.weeks.measure.${measure}.name`)}
                  <span className="weeks__meaning">{t(`staff.weeks.measure.${measure}.meaning`)}</span>
                </th>
                {weeks.map((week) => (
                  <td key={week.week} className="weeks__number">
                    {formatNumber(week[measure], i18n.language)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}

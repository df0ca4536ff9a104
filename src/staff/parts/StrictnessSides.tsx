import { useTranslation } from 'react-i18next';
import type { StrictnessSides } from '../../gallery/contract/matching.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { formatNumber } from '../../ui/i18n/index.ts';

/** Both sides of one strictness: strangers who would be greeted, and own customers who would be missed. */
export function StrictnessFigures({ sides }: { readonly sides: StrictnessSides }) {
  const { t, i18n } = useTranslation();
  const number = (value: number) => formatNumber(value, i18n.language);
  const { oneStrangerIn, missed, strictness } = sides;
  return (
    <>
      <span className="policy__figure">
        {t('staff.strictness.oneIn', { strangers: number(oneStrangerIn) })}
      </span>
      {missed && (
        <span
          className="policy__figure"
          data-testid={STAFF_IDS.strictnessMissed}
          data-strictness={strictness}
          data-looks={missed.looks}
          data-missed={missed.missed}
        >
          {missed.enough
            ? t(missed.missed === 0 ? 'staff.strictness.missedNone' : 'staff.strictness.missed', {
                looks: number(missed.looks),
                missed: number(missed.missed),
                share: number(Math.round(missed.looks / Math.max(1, missed.missed))),
              })
            : t('staff.strictness.missedUnknown', { looks: number(missed.looks) })}
        </span>
      )}
    </>
  );
}

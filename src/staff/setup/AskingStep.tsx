import { useTranslation } from 'react-i18next';
import { useKiosk } from '../../state/react.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { Choice, Tick } from '../../ui/index.ts';
import { Policy } from '../parts/Policy.tsx';
import { StrictnessFigures } from '../parts/StrictnessSides.tsx';
import type { StepProps } from './fields.tsx';

const WAYS = ['touch', 'step', 'signs'] as const;
const STRICTNESS = ['lenient', 'normal', 'strict'] as const;
const PASSIVE = ['off', 'warn', 'require'] as const;

/** How shoppers agree before their face is looked at, how strict matching is, and whether pictures are looked for. */
export function AskingStep({ draft, problems, onChange }: StepProps) {
  const { t } = useTranslation();
  const { people } = useKiosk();
  const sides = people
    .engine()
    ?.staff.strictnessChoices()
    .find(({ strictness }) => strictness === draft.strictness);
  return (
    <>
      <fieldset className="policies">
        <legend className="field__label">{t('staff.setup.field.asking.label')}</legend>
        {WAYS.map((way) => (
          <Policy
            key={way}
            name="asking"
            checked={draft.asking === way}
            title={t(`staff.setup.asking.${way}.title`)}
            onChange={() => onChange({ asking: way, signsPosted: false })}
            data-testid={STAFF_IDS.setUpAsking}
            data-asking={way}
          >
            <span className="policy__detail">{t(`staff.setup.asking.${way}.detail`)}</span>
          </Policy>
        ))}
      </fieldset>
      {draft.asking === 'signs' && (
        <Tick
          checked={draft.signsPosted}
          problem={problems.signsPosted && t('staff.setup.problem.signs')}
          onChange={(event) => onChange({ signsPosted: event.currentTarget.checked })}
          data-testid={STAFF_IDS.setUpSigns}
        >
          {t('staff.setup.signsPosted')}
        </Tick>
      )}
      <Choice
        label={t('staff.strictness.title')}
        value={draft.strictness}
        options={STRICTNESS.map((value) => ({ value, label: t(`staff.strictness.${value}.title`) }))}
        onChange={(strictness) => onChange({ strictness })}
        testId={STAFF_IDS.setUpStrictness}
      />
      <p className="setup__note">{t(`staff.strictness.${draft.strictness}.detail`)}</p>
      {sides && (
        <p className="setup__note">
          <StrictnessFigures sides={sides} />
        </p>
      )}
      <Choice
        label={t('staff.setup.passive.title')}
        value={draft.passive}
        options={PASSIVE.map((value) => ({ value, label: t(`staff.setup.passive.${value}.title`) }))}
        onChange={(passive) => onChange({ passive })}
        testId={STAFF_IDS.setUpPassive}
      />
      <p className="setup__note">{t(`staff.setup.passive.${draft.passive}.detail`)}</p>
    </>
  );
}

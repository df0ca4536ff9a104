import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Strictness, StrictnessSides } from '../../gallery/contract/matching.ts';
import { useHealth, useKiosk } from '../../state/react.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { ActOutcome } from '../parts/Outcome.tsx';
import { Policy } from '../parts/Policy.tsx';
import { Section } from '../parts/Section.tsx';
import { StrictnessFigures } from '../parts/StrictnessSides.tsx';
import { useAct } from '../parts/use-act.ts';

interface Choices {
  readonly chosen: Strictness;
  readonly choices: readonly StrictnessSides[];
}

/** The strictness setting, described by its effect on strangers and on customers. */
export function StrictnessSection() {
  const { t } = useTranslation();
  const { staffRecords } = useKiosk();
  const ready = useHealth((state) => state.ready);
  const { act, busy, run } = useAct();
  const [state, setState] = useState<Choices | null>(null);
  // The choice that is being stored. A read during this time returns the previous one.
  const [touched, setTouched] = useState<Strictness | null>(null);
  const read = () =>
    staffRecords.ask(async (desk) =>
      setState({ chosen: desk.strictness(), choices: desk.strictnessChoices() }),
    );
  // The thresholds belong to the model: read again when it is loaded.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `read` is made anew with each drawing
  useEffect(() => {
    void read();
  }, [ready]);
  function choose(next: Strictness) {
    // Shown at once; a refused choice is reverted.
    setTouched(next);
    void run(() =>
      staffRecords
        .ask((desk) => desk.setStrictness(next))
        .finally(() => read().finally(() => setTouched(null))),
    );
  }
  if (!state) return null;
  const chosen = touched ?? state.chosen;
  const [{ gallerySize, threshold }] = state.choices as [StrictnessSides];
  return (
    <Section title={t('staff.strictness.title')} lead={t('staff.strictness.lead', { count: gallerySize })}>
      <fieldset className="policies" aria-label={t('staff.strictness.title')}>
        {state.choices.map((sides) => {
          const { strictness } = sides;
          return (
            <Policy
              key={strictness}
              name="strictness"
              checked={strictness === chosen}
              disabled={busy}
              title={t(`staff.strictness.${strictness}.title`)}
              onChange={() => choose(strictness)}
              data-testid={STAFF_IDS.strictness}
              data-strictness={strictness}
            >
              <StrictnessFigures sides={sides} />
              <span className="policy__detail">{t(`staff.strictness.${strictness}.detail`)}</span>
            </Policy>
          );
        })}
      </fieldset>
      <p className="policies__made">{t('staff.strictness.made')}</p>
      {threshold === null && <p className="notice">{t('staff.strictness.uncalibrated')}</p>}
      <ActOutcome
        act={act}
        busy={t('staff.busy')}
        done={t('staff.saved')}
        testId={STAFF_IDS.strictnessDone}
      />
    </Section>
  );
}

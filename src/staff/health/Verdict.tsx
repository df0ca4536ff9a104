import { useTranslation } from 'react-i18next';
import { lostOf } from '../../state/engine/people.ts';
import { useKiosk, usePeople, useSession, useSight, useWarnings } from '../../state/react.ts';
import type { Systems } from '../../state/session/model/types.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { Button } from '../../ui/index.ts';
import { useLossWords } from '../people/LostNotice.tsx';

/** A text for staff about the first broken part, or null. */
function useTrouble(): string | null {
  const { t } = useTranslation();
  const systems: Systems = useSession((model) => model.systems);
  const { engine, gallery, camera } = systems;
  const lost = lostOf(usePeople());
  const lossWords = useLossWords();
  for (const system of [engine, gallery]) {
    if (system.kind === 'failed') return t(`outOfOrder.${system.reason}.staff`);
  }
  if (camera.kind === 'problem') return t(`outOfOrder.${camera.problem}.staff`);
  return lost && lossWords(lost, 'detail');
}

/** Whether all is well; else the first broken part, and each thing that staff should see to, with what to do. */
export function Verdict() {
  const { t } = useTranslation();
  const { sight } = useKiosk();
  const trouble = useTrouble();
  const warnings = useWarnings();
  const changed = useSight(({ change }) => change !== null);
  const good = trouble === null && warnings.length === 0;
  return (
    <section
      className="health__verdict"
      data-good={good}
      data-broken={trouble !== null}
      data-testid={STAFF_IDS.healthVerdict}
    >
      <span className="health__light" aria-hidden="true" />
      <div>
        <strong>{t(good ? 'health.good' : 'health.bad')}</strong>
        {trouble && <p className="health__trouble">{trouble}</p>}
        {warnings.length > 0 && (
          <ul className="health__warnings">
            {warnings.map(({ code, count }) => (
              <li key={code} data-testid={STAFF_IDS.healthWarning} data-code={code}>
                {t(`health.warning.${code}.what`, { count })} {t(`health.warning.${code}.todo`)}
              </li>
            ))}
          </ul>
        )}
        {changed && (
          <Button icon="check" onClick={sight.acceptView} data-testid={STAFF_IDS.acceptView}>
            {t('health.acceptView')}
          </Button>
        )}
      </div>
    </section>
  );
}

import { useTranslation } from 'react-i18next';
import { useHealth, useSettings } from '../../state/react.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { formatNumber } from '../../ui/i18n/index.ts';
import { Fact } from './Fact.tsx';

/** Whether the passive check runs, and how often it did not believe a face since the start. */
export function PassiveFact() {
  const { t, i18n } = useTranslation();
  const use = useSettings(({ inForce }) => inForce.passive);
  const state = useHealth(({ passive }) => passive);
  const { picture, unchecked } = useHealth(({ doubted }) => doubted);
  return (
    <div data-testid={STAFF_IDS.healthPassive} data-use={use} data-state={state.kind} data-doubted={picture}>
      <Fact name={t('health.passive')} value={t(`staff.setup.passive.${use}.title`)}>
        {use !== 'off' &&
          state.kind === 'ready' &&
          t('health.passiveReady', {
            picture,
            unchecked,
            took: formatNumber(state.took, i18n.language),
          })}
        {use !== 'off' && state.kind === 'failed' && state.detail}
      </Fact>
    </div>
  );
}

import type { RacedBackend } from '@rounz/core/model/backend-race.ts';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { useHealth } from '../../state/react.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { formatNumber } from '../../ui/i18n/index.ts';
import { Fact } from './Fact.tsx';

/** On what the recogniser runs, why, and how the browser's backends did when they were raced. */
export function BackendFact() {
  const { t, i18n } = useTranslation();
  const ready = useHealth((state) => state.ready);
  return (
    <Fact
      name={t('health.backend')}
      testId={TEST_IDS.healthBackend}
      value={ready ? t(`health.backendName.${ready.backend}`) : undefined}
    >
      {ready && <span className="fact__line">{ready.backendReason}</span>}
      {ready && (
        <span className="fact__line">{t(`health.workers.${ready.workers > 1 ? 'two' : 'one'}`)}</span>
      )}
      {ready?.race && (
        <span className="fact__line" data-testid={TEST_IDS.healthRace}>
          {t('health.race', {
            times: ready.race.times.map((one) => timeWords(one, t, i18n.language)).join(', '),
          })}
        </span>
      )}
    </Fact>
  );
}

function timeWords(
  { backend, threads, milliseconds, dispatches }: RacedBackend,
  t: TFunction,
  language: string,
): string {
  const name = backend === 'webgpu' ? 'WebGPU' : t('health.raceThreads', { count: threads });
  if (milliseconds === null) return t('health.raceOut', { backend: name });
  const words = { backend: name, milliseconds: formatNumber(milliseconds, language) };
  return dispatches === undefined
    ? t('health.raceTime', words)
    : t('health.raceDispatches', { ...words, dispatches: formatNumber(dispatches, language) });
}

import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { ModelChoice } from '../../gallery/contract/recogniser.ts';
import type { ModelInUse } from '../../state/engine/model-choice.ts';
import { useHealth } from '../../state/react.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { formatNumber } from '../../ui/i18n/index.ts';
import { Fact } from './Fact.tsx';

/** Which recogniser runs, why this one, and how long a decision took when it was chosen. */
export function ModelFact() {
  const { t, i18n } = useTranslation();
  const ready = useHealth((state) => state.ready);
  const model = useHealth((state) => state.model);
  return (
    <Fact
      name={t('health.model')}
      testId={TEST_IDS.healthModel}
      value={
        ready ? t('health.modelName', { name: ready.modelName, version: ready.modelVersion }) : undefined
      }
    >
      {model && (
        <span className="fact__line" data-testid={TEST_IDS.healthModelChoice} data-because={model.because}>
          {whyWords(model, t, i18n.language)}
        </span>
      )}
      {model?.kept && model.kept.measured.length > 0 && (
        <span className="fact__line" data-testid={TEST_IDS.healthModelTimes}>
          {t('health.modelTimes', { times: timeWords(model.kept, t, i18n.language) })}
        </span>
      )}
      {ready && (
        <span className="fact__line">
          {t('health.hash')} <code className="fact__code">{ready.modelHash}</code>
        </span>
      )}
    </Fact>
  );
}

const seconds = (milliseconds: number, language: string): string =>
  formatNumber(milliseconds / 1000, language, 2);

function whyWords({ because, kept }: ModelInUse, t: TFunction, language: string): string {
  if (because === 'address')
    return kept ? t('health.modelWhy.address', { name: kept.name }) : t('health.modelWhy.addressAlone');
  if (because === 'this-run' || !kept) return t('health.modelWhy.thisRun');
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium' }).format(new Date(kept.at));
  return t(`health.modelWhy.${reasonOf(kept)}`, { date, limit: seconds(kept.limit, language) });
}

/**
 * Which sentence says why: the first within the limit, one behind slower ones, or the last of slow ones; the first and the last also
 * where another one was passed over without a graphics device.
 */
function reasonOf({
  reason,
  measured,
  limit,
  passedOver = [],
}: ModelChoice): 'onlyOne' | 'gallery' | 'staff' | 'first' | 'firstNoGpu' | 'later' | 'last' | 'lastNoGpu' {
  if (reason === 'only-one') return 'onlyOne';
  if (reason === 'gallery' || reason === 'staff') return reason;
  const passed = passedOver.length > 0;
  if ((measured.at(-1)?.milliseconds ?? 0) > limit) return passed ? 'lastNoGpu' : 'last';
  if (measured.length > 1) return 'later';
  return passed ? 'firstNoGpu' : 'first';
}

const timeWords = ({ measured }: ModelChoice, t: TFunction, language: string): string =>
  measured
    .map(({ name, milliseconds, backend }) =>
      t('health.modelTime', {
        name,
        seconds: seconds(milliseconds, language),
        backend: backend === 'webgpu' ? 'WebGPU' : 'WASM',
      }),
    )
    .join(', ');

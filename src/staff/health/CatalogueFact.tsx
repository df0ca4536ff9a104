import { useTranslation } from 'react-i18next';
import { useCatalogue } from '../../state/react.ts';
import { STAFF_IDS } from '../../state/staff-ids.ts';
import { Fact } from './Fact.tsx';

/** Faults that are listed; the check command lists all of them. */
const LISTED = 5;

/** How many frames pages show; or what is wrong with the file that names them. */
export function CatalogueFact() {
  const { t } = useTranslation();
  const catalogue = useCatalogue();
  const words = {
    reading: undefined,
    failed: t('health.catalogueFailed'),
    open: t('health.catalogueFrames', { count: catalogue.kind === 'open' ? catalogue.frames.length : 0 }),
  } as const;
  return (
    <Fact name={t('health.catalogue')} testId={STAFF_IDS.healthCatalogue} value={words[catalogue.kind]}>
      {catalogue.kind === 'failed' &&
        catalogue.faults.slice(0, LISTED).map((fault) => (
          <span key={fault} className="fact__line" lang="en">
            {fault}
          </span>
        ))}
      {catalogue.kind === 'failed' && catalogue.faults.length > LISTED && (
        <span className="fact__line">
          {t('health.catalogueMore', { count: catalogue.faults.length - LISTED })}
        </span>
      )}
    </Fact>
  );
}

import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '../../state/test-ids.ts';
import { Button } from '../../ui/index.ts';

interface FoundActionsProps {
  readonly found: number;
  readonly onShow: () => void;
  /** takes back what was asked for */
  readonly onClear: () => void;
}

/** Below a search or a filter: to what it finds, and back. Where it finds nothing, back alone. */
export function FoundActions({ found, onShow, onClear }: FoundActionsProps) {
  const { t } = useTranslation();
  return (
    <>
      <p className="found" role="status" data-testid={TEST_IDS.framesFound} data-found={found}>
        {found === 0 ? t('catalogue.nothing') : t('catalogue.found', { count: found })}
      </p>
      {found > 0 && (
        <Button look="primary" onClick={onShow} data-testid={TEST_IDS.framesShow}>
          {t('catalogue.show')}
        </Button>
      )}
      <Button look={found > 0 ? 'plain' : 'primary'} onClick={onClear} data-testid={TEST_IDS.framesClear}>
        {t('catalogue.clear')}
      </Button>
    </>
  );
}

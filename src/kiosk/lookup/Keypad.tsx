import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '../../state/test-ids.ts';
import { Icon } from '../../ui/index.ts';

export type KeypadKey = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9' | 'clear' | 'erase';

const keys: readonly KeypadKey[] = ['1', '2', '3', '4', '5', '6', '7', '8', '9', 'clear', '0', 'erase'];

/** A telephone keypad. A touch leaves the focus in the field that is being filled. */
export function Keypad({ onKey }: { readonly onKey: (key: KeypadKey) => void }) {
  const { t } = useTranslation();
  return (
    <fieldset className="keypad" aria-label={t('lookup.digits')}>
      {keys.map((key) => (
        <button
          key={key}
          type="button"
          className="keypad__key"
          data-testid={TEST_IDS.key}
          data-key={key}
          {...(key === 'clear' ? { 'aria-label': t('lookup.clear') } : {})}
          {...(key === 'erase' ? { 'aria-label': t('lookup.erase') } : {})}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onKey(key)}
        >
          {key === 'clear' ? <Icon name="close" /> : key === 'erase' ? <Icon name="erase" /> : key}
        </button>
      ))}
    </fieldset>
  );
}

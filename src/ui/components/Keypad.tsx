import { useTranslation } from 'react-i18next';
import { Icon } from './Icon.tsx';

export type KeypadKey = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9' | 'clear' | 'erase';

const KEYS: readonly KeypadKey[] = ['1', '2', '3', '4', '5', '6', '7', '8', '9', 'clear', '0', 'erase'];

interface KeypadProps {
  readonly onKey: (key: KeypadKey) => void;
  readonly disabled?: boolean;
  /** of each key; the key itself stands in `data-key` */
  readonly testId: string;
}

/** A telephone's keypad. A touch leaves the focus in the field that is being filled. */
export function Keypad({ onKey, disabled = false, testId }: KeypadProps) {
  const { t } = useTranslation();
  return (
    <fieldset className="keypad" aria-label={t('keypad.digits')}>
      {KEYS.map((key) => (
        <button
          key={key}
          type="button"
          className="keypad__key"
          disabled={disabled}
          data-testid={testId}
          data-key={key}
          {...(key === 'clear' ? { 'aria-label': t('keypad.clear') } : {})}
          {...(key === 'erase' ? { 'aria-label': t('keypad.erase') } : {})}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onKey(key)}
        >
          {key === 'clear' ? <Icon name="close" /> : key === 'erase' ? <Icon name="erase" /> : key}
        </button>
      ))}
    </fieldset>
  );
}

/** What stands in a field after a key. */
export function afterKey(digits: string, key: KeypadKey): string {
  if (key === 'clear') return '';
  return key === 'erase' ? digits.slice(0, -1) : digits + key;
}

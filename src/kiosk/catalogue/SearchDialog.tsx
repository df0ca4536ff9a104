import { NO_FILTER } from '@rounz/core/catalogue/filter.ts';
import { CONSONANTS, LETTERS } from '@rounz/core/catalogue/search.ts';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useKiosk } from '../../state/react.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { Dialog, Icon, TextField } from '../../ui/index.ts';
import type { FindProps } from './FilterDialog.tsx';
import { FoundActions } from './FoundActions.tsx';

/** Most characters that a search keeps. */
const LONGEST = 30;

/**
 * Search by name, material or article number. Where there is no keyboard, letters are touched: in Korean the initial consonants,
 * of which two or three find a name.
 */
export function SearchDialog({ filter, found, onChange, onClose }: FindProps) {
  const { t, i18n } = useTranslation();
  const { session } = useKiosk();
  const { words } = filter;
  const change = (next: string) => {
    session.touch('active');
    onChange({ ...filter, words: next.slice(0, LONGEST) });
  };
  const field = useRef<HTMLInputElement>(null);
  // A body that scrolls would take the focus.
  useEffect(() => field.current?.focus(), []);
  const letters = i18n.language === 'ko' ? CONSONANTS : LETTERS;
  return (
    <Dialog
      sheet
      testId={TEST_IDS.searchDialog}
      title={t('search.title')}
      onClose={onClose}
      actions={<FoundActions found={found} onShow={onClose} onClear={() => onChange(NO_FILTER)} />}
    >
      <div className="search">
        <TextField
          label={t('search.label')}
          help={t('search.help')}
          // The letters below stand for the system's keyboard, which would lie over them.
          ref={field}
          inputMode="none"
          spellCheck={false}
          value={words}
          onChange={(event) => change(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || found === 0 || event.nativeEvent.isComposing) return;
            // Otherwise the key would press what has the focus next.
            event.preventDefault();
            onClose();
          }}
          data-testid={TEST_IDS.searchWords}
        />
        <fieldset className="letters" aria-label={t('search.letters')}>
          {letters.map((letter) => (
            <button
              key={letter}
              type="button"
              className="keypad__key"
              data-testid={TEST_IDS.letter}
              data-key={letter}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => change(words + letter)}
            >
              {letter}
            </button>
          ))}
          <button
            type="button"
            className="keypad__key"
            aria-label={t('search.erase')}
            data-testid={TEST_IDS.letter}
            data-key="erase"
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => change([...words].slice(0, -1).join(''))}
          >
            <Icon name="erase" />
          </button>
        </fieldset>
      </div>
    </Dialog>
  );
}

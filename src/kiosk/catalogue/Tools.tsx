import { askedFor, type FilterChoices, type FrameFilter } from '@rounz/core/catalogue/filter.ts';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../state/react.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { Button } from '../../ui/index.ts';

/** What can be opened over the frames. */
export type Tool = 'search' | 'filter' | 'fit' | 'take';

interface ToolsProps {
  readonly filter: FrameFilter;
  readonly choices: FilterChoices;
  /** whether there is a list that can be taken along */
  readonly takes: boolean;
  readonly onOpen: (tool: Tool) => void;
}

/** Whether anything can be chosen. */
const choosable = (choices: FilterChoices): boolean =>
  Object.values(choices).some((options) => options.length > 1);

/** Characters of a search that its button shows. */
const SHOWN = 6;
const shortened = (words: string): string => (words.length > SHOWN ? `${words.slice(0, SHOWN)}…` : words);

/** The ways through the shop's frames: search, filter, what fits the face, and the list to take along. */
export function Tools({ filter, choices, takes, onOpen }: ToolsProps) {
  const { t } = useTranslation();
  const sees = useSession(({ systems }) => systems.camera.kind === 'live' && systems.engine.kind === 'ready');
  const searched = filter.words.trim() !== '';
  const chosen = askedFor({ ...filter, words: '' });
  return (
    <div className="tools">
      <Button
        icon="search"
        aria-haspopup="dialog"
        onClick={() => onOpen('search')}
        data-testid={TEST_IDS.frameSearch}
      >
        {searched
          ? t('catalogue.searched', { words: shortened(filter.words.trim()) })
          : t('catalogue.search')}
      </Button>
      {choosable(choices) && (
        <Button
          icon="sliders"
          aria-haspopup="dialog"
          onClick={() => onOpen('filter')}
          data-testid={TEST_IDS.frameFilter}
        >
          {chosen > 0 ? t('catalogue.filtered', { number: chosen }) : t('catalogue.filter')}
        </Button>
      )}
      {choices.width.length > 0 && sees && (
        <Button
          icon="ruler"
          aria-haspopup="dialog"
          onClick={() => onOpen('fit')}
          data-testid={TEST_IDS.frameFit}
        >
          {t('fit.open')}
        </Button>
      )}
      {takes && (
        <Button
          icon="code"
          aria-haspopup="dialog"
          onClick={() => onOpen('take')}
          data-testid={TEST_IDS.frameTake}
        >
          {t('take.open')}
        </Button>
      )}
    </div>
  );
}

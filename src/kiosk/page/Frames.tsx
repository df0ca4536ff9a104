import type { CatalogueFrame } from '@rounz/core/catalogue/catalogue.ts';
import {
  askedFor,
  choicesOf,
  type FrameFilter,
  filterFrames,
  NO_FILTER,
} from '@rounz/core/catalogue/filter.ts';
import { shopLink } from '@rounz/core/catalogue/shop-link.ts';
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCatalogue, useKiosk, useSettings } from '../../state/react.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { formatNumber, type Language } from '../../ui/i18n/index.ts';
import { Button } from '../../ui/index.ts';
import { FilterDialog } from '../catalogue/FilterDialog.tsx';
import { FitDialog } from '../catalogue/FitDialog.tsx';
import { SearchDialog } from '../catalogue/SearchDialog.tsx';
import { TakeDialog } from '../catalogue/TakeDialog.tsx';
import { type Tool, Tools } from '../catalogue/Tools.tsx';
import { FrameCard } from './FrameCard.tsx';

interface PageFramesProps {
  readonly saved: readonly string[];
  /** shown before the frames; scrolls with them */
  readonly notice: ReactNode;
}

/** The customer's saved frames, and the shop's frames, each saved with one touch. */
export function Frames({ saved, notice }: PageFramesProps) {
  const { t } = useTranslation();
  const catalogue = useCatalogue();
  return (
    <div className="frames">
      {catalogue.kind === 'open' ? (
        <Shelves frames={catalogue.frames} saved={saved} notice={notice} />
      ) : (
        notice
      )}
      {catalogue.kind === 'failed' && <p className="frames__none">{t('page.noCatalogue')}</p>}
    </div>
  );
}

interface FramesProps {
  readonly frames: readonly CatalogueFrame[];
  /** ids, the newest last; an id that is no longer in the catalogue is kept and not shown */
  readonly saved: readonly string[];
}

/** Saved frames, the newest first. */
const chosenOf = ({ frames, saved }: FramesProps): readonly CatalogueFrame[] =>
  saved.toReversed().flatMap((id) => frames.find((frame) => frame.id === id) ?? []);

/** The ways through the frames, and the frames. What is looked for goes with the page. */
function Shelves({ notice, ...shown }: FramesProps & Pick<PageFramesProps, 'notice'>) {
  const { session } = useKiosk();
  const shopPage = useSettings(({ inForce }) => inForce.shopPage);
  const [filter, setFilter] = useState<FrameFilter>(NO_FILTER);
  const [tool, setTool] = useState<Tool | null>(null);
  const { frames } = shown;
  const choices = useMemo(() => choicesOf(frames), [frames]);
  const found = useMemo(() => filterFrames(frames, filter), [frames, filter]);
  const chosen = chosenOf(shown);
  const link =
    shopPage === null
      ? null
      : shopLink(
          shopPage,
          chosen.map(({ id }) => id),
        );
  const close = () => setTool(null);
  const find = { filter, found: found.length, onChange: setFilter, onClose: close };
  return (
    <>
      <Tools
        filter={filter}
        choices={choices}
        takes={link !== null}
        onOpen={(next) => {
          session.touch('active');
          setTool(next);
        }}
      />
      {notice}
      {askedFor(filter) === 0 ? (
        <Saved chosen={chosen} />
      ) : (
        <Found number={found.length} onClear={() => setFilter(NO_FILTER)} />
      )}
      <Shop {...shown} found={found} searching={askedFor(filter) > 0} />
      {tool === 'search' && <SearchDialog {...find} />}
      {tool === 'filter' && <FilterDialog {...find} choices={choices} />}
      {tool === 'fit' && (
        <FitDialog
          choices={choices}
          onShow={(width) => {
            setFilter({ ...NO_FILTER, width });
            close();
          }}
          onClose={close}
        />
      )}
      {tool === 'take' && link && <TakeDialog link={link} total={chosen.length} onClose={close} />}
    </>
  );
}

/** How many frames were found, and the way back to all of them. */
function Found({ number, onClear }: { readonly number: number; readonly onClear: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="frames__found">
      <p className="found" role="status" data-testid={TEST_IDS.framesFound} data-found={number}>
        {number === 0 ? t('catalogue.none') : t('catalogue.found', { count: number })}
      </p>
      <Button icon="close" onClick={onClear} data-testid={TEST_IDS.framesClear}>
        {t('catalogue.all')}
      </Button>
    </div>
  );
}

function Saved({ chosen }: { readonly chosen: readonly CatalogueFrame[] }) {
  const { t, i18n } = useTranslation();
  const { catalogue } = useKiosk();
  const language = i18n.language as Language;
  return (
    <>
      <h2 className="frames__title">
        {t('page.saved')} <span className="frames__count">{formatNumber(chosen.length, language)}</span>
      </h2>
      {chosen.length === 0 ? (
        <p className="frames__none">{t('page.savedNone')}</p>
      ) : (
        <ul className="shelf">
          {chosen.map(({ id, name, picture }) => (
            <li key={id} className="shelf__place">
              <img
                className="shelf__picture"
                src={`${catalogue.folder}${picture}`}
                alt={name[language]}
                draggable={false}
              />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** Cards that are drawn at once. */
const AT_ONCE = 24;

interface ShopProps extends FramesProps {
  readonly found: readonly CatalogueFrame[];
  readonly searching: boolean;
}

/** All frames, or those that were found. Those saved before the visit come first; the order does not change during the visit. */
function Shop({ found, saved, searching }: ShopProps) {
  const { t } = useTranslation();
  const { session } = useKiosk();
  const [first] = useState(saved);
  const [drawn, setDrawn] = useState(AT_ONCE);
  const rank = ({ id }: CatalogueFrame) => (first.includes(id) ? -first.indexOf(id) : 1);
  const ordered = found.toSorted((a, b) => rank(a) - rank(b));
  return (
    <>
      {!searching && <h2 className="frames__title">{t('page.more')}</h2>}
      <ul className="frames__list">
        {ordered.slice(0, drawn).map((frame) => (
          <li key={frame.id}>
            <FrameCard frame={frame} saved={saved.includes(frame.id)} />
          </li>
        ))}
      </ul>
      {ordered.length > drawn && (
        <Button
          icon="add"
          onClick={() => {
            session.touch('active');
            setDrawn(drawn + AT_ONCE);
          }}
          data-testid={TEST_IDS.framesMore}
        >
          {t('catalogue.more', { count: Math.min(AT_ONCE, ordered.length - drawn) })}
        </Button>
      )}
    </>
  );
}

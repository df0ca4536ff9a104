import type { CatalogueFrame } from '@rounz/core/catalogue/catalogue.ts';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCatalogue, useKiosk } from '../../state/react.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { formatNumber, formatPrice, type Language } from '../../ui/i18n/index.ts';
import { Icon } from '../../ui/index.ts';

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
      {notice}
      {catalogue.kind === 'failed' && <p className="frames__none">{t('page.noCatalogue')}</p>}
      {catalogue.kind === 'open' && (
        <>
          <Saved frames={catalogue.frames} saved={saved} />
          <Shop frames={catalogue.frames} saved={saved} />
        </>
      )}
    </div>
  );
}

interface FramesProps {
  readonly frames: readonly CatalogueFrame[];
  /** ids, the newest last; an id that is no longer in the catalogue is kept and not shown */
  readonly saved: readonly string[];
}

/** Saved frames, the newest first. */
function Saved({ frames, saved }: FramesProps) {
  const { t, i18n } = useTranslation();
  const { catalogue } = useKiosk();
  const chosen = saved.toReversed().flatMap((id) => frames.find((frame) => frame.id === id) ?? []);
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

/** All frames. Those saved before the visit come first; the order does not change during the visit. */
function Shop({ frames, saved }: FramesProps) {
  const { t } = useTranslation();
  const [first] = useState(saved);
  const rank = ({ id }: CatalogueFrame) => (first.includes(id) ? -first.indexOf(id) : 1);
  return (
    <>
      <h2 className="frames__title">{t('page.more')}</h2>
      <ul className="frames__list">
        {frames
          .toSorted((a, b) => rank(a) - rank(b))
          .map((frame) => (
            <li key={frame.id}>
              <FrameCard frame={frame} saved={saved.includes(frame.id)} />
            </li>
          ))}
      </ul>
    </>
  );
}

/** The whole card is a button: a touch saves the frame, another removes it. */
function FrameCard({ frame, saved }: { readonly frame: CatalogueFrame; readonly saved: boolean }) {
  const { t, i18n } = useTranslation();
  const { visit, catalogue } = useKiosk();
  const language = i18n.language as Language;
  return (
    <button
      type="button"
      className="frame"
      aria-pressed={saved}
      data-testid={TEST_IDS.frame}
      data-frame={frame.id}
      data-saved={saved}
      onClick={() => void (saved ? visit.removeFrame(frame.id) : visit.saveFrame(frame.id))}
    >
      <span className="frame__shelf">
        <img
          className="frame__picture"
          src={`${catalogue.folder}${frame.picture}`}
          alt=""
          draggable={false}
        />
        <span className="frame__heart">
          <Icon name="heart" />
          <span className="visually-hidden">{t(saved ? 'page.savedMark' : 'page.save')}</span>
        </span>
      </span>
      <span className="frame__name">{frame.name[language]}</span>
      <span className="frame__detail">{frame.detail[language]}</span>
      <span className="frame__price">{formatPrice(frame.price, language)}</span>
    </button>
  );
}

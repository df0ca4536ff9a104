import type { CatalogueFrame } from '@rounz/core/catalogue/catalogue.ts';
import { widthOf } from '@rounz/core/catalogue/filter.ts';
import { useTranslation } from 'react-i18next';
import { useKiosk } from '../../state/react.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { formatPrice, type Language } from '../../ui/i18n/index.ts';
import { Icon } from '../../ui/index.ts';

/** The whole card is a button: a touch saves the frame, another removes it. */
export function FrameCard({ frame, saved }: { readonly frame: CatalogueFrame; readonly saved: boolean }) {
  const { t, i18n } = useTranslation();
  const { visit, catalogue } = useKiosk();
  const language = i18n.language as Language;
  const { width } = frame;
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
      <span className="frame__price">
        {formatPrice(frame.price, language)}
        {width !== undefined && ` · ${t(`filter.widths.${widthOf(width)}`)}`}
      </span>
    </button>
  );
}

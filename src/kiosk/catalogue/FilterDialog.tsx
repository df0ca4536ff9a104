import {
  type FilterChoices,
  type FrameFilter,
  NO_FILTER,
  type PriceBand,
} from '@rounz/core/catalogue/filter.ts';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useKiosk } from '../../state/react.ts';
import { TEST_IDS } from '../../state/test-ids.ts';
import { formatPrice } from '../../ui/i18n/index.ts';
import { Choice, Dialog } from '../../ui/index.ts';
import { FoundActions } from './FoundActions.tsx';

export interface FindProps {
  readonly filter: FrameFilter;
  /** how many frames it finds */
  readonly found: number;
  readonly onChange: (filter: FrameFilter) => void;
  readonly onClose: () => void;
}

/** In place of null, which no radio button can hold. */
const ANY = 'any';

/** Shape, colour, price and width, of what the shop has. Each choice takes effect at once. */
export function FilterDialog({
  filter,
  found,
  choices,
  onChange,
  onClose,
}: FindProps & { readonly choices: FilterChoices }) {
  const { t, i18n } = useTranslation();
  const { session } = useKiosk();
  const change = (part: Partial<FrameFilter>) => {
    session.touch('active');
    onChange({ ...filter, ...part });
  };
  const first = useRef<HTMLDivElement>(null);
  // A body that scrolls would take the focus from the first choice.
  useEffect(() => first.current?.querySelector<HTMLElement>(':checked')?.focus(), []);
  const any = { value: ANY, label: t('filter.any') } as const;
  const priceWords = ({ from, to }: PriceBand): string => {
    const won = (price: number) => formatPrice(price, i18n.language);
    if (from === null) return t('filter.priceBelow', { to: won(to ?? 0) });
    return to === null
      ? t('filter.priceFrom', { from: won(from) })
      : t('filter.priceBetween', { from: won(from), to: won(to) });
  };
  return (
    <Dialog
      sheet
      testId={TEST_IDS.filterDialog}
      title={t('filter.title')}
      onClose={onClose}
      actions={<FoundActions found={found} onShow={onClose} onClear={() => change(NO_FILTER)} />}
    >
      <div className="filter" ref={first}>
        {choices.shape.length > 1 && (
          <Choice
            label={t('filter.shape')}
            testId={TEST_IDS.filterShape}
            value={filter.shape ?? ANY}
            options={[any, ...choices.shape.map((value) => ({ value, label: t(`filter.shapes.${value}`) }))]}
            onChange={(value) => change({ shape: value === ANY ? null : value })}
          />
        )}
        {choices.colour.length > 1 && (
          <Choice
            label={t('filter.colour')}
            testId={TEST_IDS.filterColour}
            value={filter.colour ?? ANY}
            options={[
              any,
              ...choices.colour.map((value) => ({ value, label: t(`filter.colours.${value}`) })),
            ]}
            onChange={(value) => change({ colour: value === ANY ? null : value })}
          />
        )}
        {choices.width.length > 1 && (
          <Choice
            label={t('filter.width')}
            testId={TEST_IDS.filterWidth}
            value={filter.width ?? ANY}
            options={[any, ...choices.width.map((value) => ({ value, label: t(`filter.widths.${value}`) }))]}
            onChange={(value) => change({ width: value === ANY ? null : value })}
          />
        )}
        {choices.price.length > 1 && (
          <Choice
            label={t('filter.price')}
            testId={TEST_IDS.filterPrice}
            value={filter.price ?? ANY}
            options={[any, ...choices.price.map((band, value) => ({ value, label: priceWords(band) }))]}
            onChange={(value) => change({ price: value === ANY ? null : value })}
          />
        )}
      </div>
    </Dialog>
  );
}

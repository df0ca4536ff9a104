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
        <Ask
          label={t('filter.shape')}
          testId={TEST_IDS.filterShape}
          chosen={filter.shape}
          options={choices.shape.map((value) => ({ value, label: t(`filter.shapes.${value}`) }))}
          onChoose={(shape) => change({ shape })}
        />
        <Ask
          label={t('filter.colour')}
          testId={TEST_IDS.filterColour}
          chosen={filter.colour}
          options={choices.colour.map((value) => ({ value, label: t(`filter.colours.${value}`) }))}
          onChoose={(colour) => change({ colour })}
        />
        <Ask
          label={t('filter.width')}
          testId={TEST_IDS.filterWidth}
          chosen={filter.width}
          options={choices.width.map((value) => ({ value, label: t(`filter.widths.${value}`) }))}
          onChoose={(width) => change({ width })}
        />
        <Ask
          label={t('filter.price')}
          testId={TEST_IDS.filterPrice}
          chosen={filter.price}
          options={choices.price.map((band, value) => ({ value, label: priceWords(band) }))}
          onChoose={(price) => change({ price })}
        />
      </div>
    </Dialog>
  );
}

interface AskProps<Value> {
  readonly label: string;
  readonly testId: string;
  /** null: any */
  readonly chosen: Value | null;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly onChoose: (value: Value | null) => void;
}

/** One thing that can be chosen, or any. Nothing is drawn where there are fewer than two. */
function Ask<Value extends string | number>({ label, testId, chosen, options, onChoose }: AskProps<Value>) {
  const { t } = useTranslation();
  if (options.length < 2) return null;
  return (
    <Choice<Value | typeof ANY>
      label={label}
      testId={testId}
      value={chosen ?? ANY}
      options={[{ value: ANY, label: t('filter.any') }, ...options]}
      onChange={(value) => onChoose(value === ANY ? null : (value as Value))}
    />
  );
}

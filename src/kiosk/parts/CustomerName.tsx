import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '../../state/test-ids.ts';

/** Longest name, in characters, for the largest and the next font size, so that the buttons stay in sight. */
const NAME_SIZES = { huge: 8, large: 18 } as const;

function nameSize({ length }: string): 'huge' | 'large' | 'normal' {
  if (length <= NAME_SIZES.huge) return 'huge';
  return length <= NAME_SIZES.large ? 'large' : 'normal';
}

/** A customer's name with the form of address of the language. */
export function CustomerName({ name }: { readonly name: string }) {
  const { t } = useTranslation();
  return (
    <span className="panel__name" data-size={nameSize(name)} data-testid={TEST_IDS.greetingName}>
      {t('greeted.name', { name })}
    </span>
  );
}

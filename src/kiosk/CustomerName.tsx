import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '../state/test-ids.ts';

/** Characters up to which a name is set in the largest and in the next size, so that it never pushes the buttons away. */
const NAME_SIZES = { huge: 8, large: 18 } as const;

function nameSize({ length }: string): 'huge' | 'large' | 'normal' {
  if (length <= NAME_SIZES.huge) return 'huge';
  return length <= NAME_SIZES.large ? 'large' : 'normal';
}

/** A customer's name as their language says it. */
export function CustomerName({ name }: { readonly name: string }) {
  const { t } = useTranslation();
  return (
    <span className="panel__name" data-size={nameSize(name)} data-testid={TEST_IDS.greetingName}>
      {t('greeted.name', { name })}
    </span>
  );
}

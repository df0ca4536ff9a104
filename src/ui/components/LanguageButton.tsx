import { useTranslation } from 'react-i18next';
import { languages } from '../i18n/index.ts';
import { Button } from './Button.tsx';

/** Changes to the other language; labelled in that language. */
export function LanguageButton({ testId }: { readonly testId: string }) {
  const { t, i18n } = useTranslation();
  const other = languages.find((language) => language !== i18n.language) ?? 'en';
  return (
    <Button
      icon="globe"
      lang={other}
      data-testid={testId}
      data-language={other}
      onClick={() => void i18n.changeLanguage(other)}
    >
      {t('language.other')}
    </Button>
  );
}

import { useTranslation } from 'react-i18next';
import { languages } from '../i18n/index.ts';

/** Both languages, each labelled in itself. */
export function LanguageSwitch({ testId }: { readonly testId: string }) {
  const { t, i18n } = useTranslation();
  return (
    <fieldset className="segments" aria-label={t('language.label')} data-testid={testId}>
      {languages.map((language) => (
        <button
          key={language}
          type="button"
          className="segments__option"
          lang={language}
          aria-pressed={i18n.language === language}
          data-language={language}
          onClick={() => void i18n.changeLanguage(language)}
        >
          {t(`language.${language}`)}
        </button>
      ))}
    </fieldset>
  );
}

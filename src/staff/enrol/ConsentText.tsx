import { useTranslation } from 'react-i18next';

const parts = ['purpose', 'items', 'retention', 'refusal'] as const;

/** The consent text. A change of its meaning needs a new `consentVersion` in `state/config.ts`. */
export function ConsentText() {
  const { t } = useTranslation();
  return (
    <section className="consent" aria-labelledby="consent-title">
      <h3 id="consent-title" className="consent__title">
        {t('enrol.consent.title')}
      </h3>
      <p className="consent__intro">{t('enrol.consent.intro')}</p>
      <dl className="consent__parts">
        {parts.map((part) => (
          <div key={part} className="consent__part">
            <dt>{t(`enrol.consent.${part}Term`)}</dt>
            <dd>{t(`enrol.consent.${part}`)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

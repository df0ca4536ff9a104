import { useTranslation } from 'react-i18next';
import { formatDate } from '../i18n/index.ts';

const parts = ['purpose', 'items', 'retention', 'refusal'] as const;

interface ConsentTermsProps {
  /** ISO 8601: when the consent would run out */
  readonly until: string;
  /** where they scroll: keys and switches go from part to part and so bring each into sight */
  readonly scrolls?: boolean;
}

/**
 * What is agreed to: purpose, items kept, how long, and what refusing means. A change of its meaning needs a new
 * `consentVersion` in `state/enrolment/config.ts`.
 */
export function ConsentTerms({ until, scrolls = false }: ConsentTermsProps) {
  const { t, i18n } = useTranslation();
  const date = formatDate(until, i18n.language);
  return (
    <dl className="terms">
      {parts.map((part) => (
        <div key={part} className="terms__part" tabIndex={scrolls ? 0 : undefined}>
          <dt>{t(`enrol.consent.${part}Term`)}</dt>
          <dd>{t(`enrol.consent.${part}`, { date })}</dd>
        </div>
      ))}
    </dl>
  );
}
